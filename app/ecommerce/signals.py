"""What follows from a saved or deleted row of the catalogue, whether the admin saved it, a shell or an import."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from core import shared_parts
from core.models import Tag
from ecommerce.models import Category, Product, ProductImage, Variant
from ecommerce.services import catalogue, categories, search
from tasks.services import jobs


@receiver([post_save, post_delete], sender=Variant)
def refresh_product(instance: Variant, raw: bool = False, **kwargs: Any) -> None:
    if raw:  # a fixture: the product may not be there yet
        return
    catalogue.refresh({pk for pk in (instance.product_id, instance.loaded_product_id) if pk is not None})
    instance.loaded_product_id = instance.product_id


@receiver([post_save, post_delete], sender=Category)
def forget_tree(**kwargs: Any) -> None:
    categories.forget()
    shared_parts.forget_on_commit()


@receiver([post_save, post_delete], sender=Product)
def forget_lists(**kwargs: Any) -> None:
    catalogue.forget_lists()


@receiver([post_save, post_delete], sender=ProductImage)
def forget_pictures(**kwargs: Any) -> None:
    shared_parts.forget_on_commit()


@receiver(post_save, sender=Category)
def index_category(instance: Category, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """In the background: a category can have thousands of products, and its title is in the index of each."""
    if not created and not raw:
        jobs.enqueue("ecommerce.index_category", category_id=instance.pk)


@receiver(post_save, sender=Tag)
def index_tag(instance: Tag, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if not created and not raw:
        jobs.enqueue("ecommerce.index_tag", tag_id=instance.pk)


@receiver(m2m_changed, sender=Product.tags.through)
def index_tagged(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any) -> None:
    """The tags are words of the index too, and they are set after the product is saved."""
    if action in {"post_add", "post_remove", "post_clear"}:
        search.index(pk_set or [] if reverse else [instance.pk])
