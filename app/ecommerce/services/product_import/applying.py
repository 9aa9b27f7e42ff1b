"""Write a product of the file into the catalogue: all of it or nothing."""

from __future__ import annotations

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from core.services import tags
from ecommerce.models import Category, Product, ProductImage, Variant
from ecommerce.services import catalogue, categories, taxes
from ecommerce.services.categories import Tree
from tasks.services import jobs

from . import planning
from .parsing import ProductData, VariantData
from .planning import Plan

FETCH = "ecommerce.fetch_product_pictures"
LARGEST_POSITION = 32_767


class Shelves:
    """The tree of categories, read again when a product has added to it."""

    def __init__(self) -> None:
        self.read()

    def read(self) -> None:
        self.tree = categories.fresh_tree()


def apply(data: ProductData, *, import_id: int, shelves: Shelves) -> Plan:
    """Write it unless something is wrong with it: that is then among the data's problems, and nothing is changed."""
    try:
        plan = _apply(data, import_id=import_id, shelves=shelves)
    except DatabaseError:
        # Somebody else changed the same product, category or tag in the same moment.
        shelves.read()
        data.error(data.line, _("It could not be saved, as somebody changed the same things just now. Import again."))
        return Plan(data, None)
    if planning.missing_categories(data, is_new=plan.product is None, tree=shelves.tree):
        shelves.read()
    return plan


@transaction.atomic
def _apply(data: ProductData, *, import_id: int, shelves: Shelves) -> Plan:
    plan = planning.make(data, lock=True)
    if data.has_errors:
        return plan
    product = _save_product(plan, shelves)
    _save_variants(plan, product)
    if data.tags is not None:
        product.tags.set([tags.find_or_make(name) for name in data.tags])
    _update_known_pictures(plan)
    if plan.new_pictures:
        _ask_for_pictures(plan, product, import_id)
    return plan


def _save_product(plan: Plan, shelves: Shelves) -> Product:
    data = plan.data
    product = plan.product or Product(slug=data.slug, tax_rate=taxes.default_rate())
    product.title = data.title
    product.option_names = data.option_names
    if data.description is not None:
        product.description = data.description  # type: ignore[assignment]  # the field's type is not known
    if data.summary:
        product.summary = data.summary
    if data.category or plan.product is None:
        product.category_id = _category(data.category or [_(planning.IMPORTED)], shelves.tree)
    _set_publication(product, published=data.published)
    product.save()
    return product


def _set_publication(product: Product, *, published: bool | None) -> None:
    """Only where it changes what visitors see: what is scheduled stays scheduled, and never appears too early."""
    if published is None or published == product.is_published:
        return
    product.status = Product.ACTIVE_STATUS if published else Product.INACTIVE_STATUS
    if published and product.deactivate_date is not None:
        product.deactivate_date = None


def _category(path: list[str], tree: Tree) -> int:
    """Made as far as it is missing."""
    found = planning.find_category(path, tree)
    parent = found[-1] if found else None
    for title in path[len(found) :]:
        parent = Category.objects.create(title=title, slug=tags.slug_if_needed(title), parent_id=parent).pk
    if parent is None:
        raise ValueError("A category needs a name.")
    return parent


def _save_variants(plan: Plan, product: Product) -> None:
    # By query: the signals of each would compute the same summaries again.
    Variant.objects.filter(pk__in=[variant.pk for variant in plan.going]).delete()
    _free_titles(plan)
    changed = [variant for _data, variant in plan.variants if variant is not None]
    new = []
    for position, (data, existing) in enumerate(plan.variants):
        variant = existing or Variant(product=product)
        _fill(variant, data, sku=plan.skus[data.line], position=position, says_compare_at=plan.data.says_compare_at)
        if existing is None:
            new.append(variant)
    fields = ["sku", "option_values", "title", "price", "compare_at_price", "stock", "weight_grams", "position"]
    Variant.objects.bulk_update(changed, fields, batch_size=catalogue.BATCH)
    catalogue.create_variants(new)
    catalogue.refresh([product.pk])


def _free_titles(plan: Plan) -> None:
    """Two variants can swap their options, but for a moment both would have the same title."""
    for data, variant in plan.variants:
        if variant is not None and variant.title != data.title:
            Variant.objects.filter(pk=variant.pk).update(title=f"\N{NO-BREAK SPACE}{variant.pk}")


def _fill(variant: Variant, data: VariantData, *, sku: str, position: int, says_compare_at: bool) -> None:
    variant.sku = sku
    variant.option_values = data.option_values
    variant.title = data.title
    variant.price = data.price
    variant.position = min(position, LARGEST_POSITION)
    if data.stock is not None:
        variant.stock = data.stock
    if data.weight_grams is not None:
        variant.weight_grams = data.weight_grams
    earlier = data.compare_at_price if says_compare_at else variant.compare_at_price
    variant.compare_at_price = earlier if earlier is not None and earlier > data.price else None


def _update_known_pictures(plan: Plan) -> None:
    for picture, image in plan.known_pictures:
        alt = picture.alt or image.alt
        if (alt, picture.position) != (image.alt, image.position):
            ProductImage.objects.filter(pk=image.pk).update(alt=alt, position=picture.position)


def _ask_for_pictures(plan: Plan, product: Product, import_id: int) -> None:
    """A job of its own for each product: servers elsewhere can be slow, and the import waits for none."""
    jobs.enqueue(
        FETCH,
        key=f"{import_id}-{product.pk}",
        product_id=product.pk,
        handle=plan.data.handle,
        pictures=[
            {"line": picture.line, "url": picture.url, "alt": picture.alt, "position": picture.position}
            for picture in plan.new_pictures
        ],
    )
