"""Changes of the content that outdate what the cache keeps of it."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from core import selectors
from core.models import BlogPost, Page, Tag
from core.services import caching, navigation


@receiver([post_save, post_delete], sender=Page, dispatch_uid="core-page-changed")
def page_changed(**kwargs: Any) -> None:
    navigation.forget()


@receiver([post_save, post_delete], sender=BlogPost, dispatch_uid="core-post-changed")
@receiver([post_save, post_delete], sender=Tag, dispatch_uid="core-tag-changed")
@receiver(m2m_changed, sender=BlogPost.tags.through, dispatch_uid="core-tagging-changed")
def blog_changed(**kwargs: Any) -> None:
    caching.forget_on_commit(selectors.TAGS_KEY, selectors.YEARS_KEY)
