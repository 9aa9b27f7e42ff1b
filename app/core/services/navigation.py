"""The pages that every page links to. They are read from the cache, and forgotten when one of them changes."""

from __future__ import annotations

from typing import TypedDict

from core import shared_parts
from core.models import Page
from core.services import caching

# The number changes with the form of the value: during a deployment the old and the new release share the cache.
FOOTER_KEY = "core:footer-pages:1"
# Long enough to spare the query, short enough that a page scheduled for now appears soon.
FOOTER_SECONDS = 300


class NavigationLink(TypedDict):
    title: str
    url: str


def footer_pages() -> list[NavigationLink]:
    """The published pages that are linked in the footer, in order. One query when the cache has none."""
    return caching.get_or_make(FOOTER_KEY, _read_footer_pages, seconds=FOOTER_SECONDS)


def forget() -> None:
    """Make the next page read the links anew, once the current transaction is committed."""
    caching.forget_on_commit(FOOTER_KEY)
    shared_parts.forget_on_commit()


def _read_footer_pages() -> list[NavigationLink]:
    pages = Page.objects.published().filter(in_footer=True).only("title", "slug")
    return [NavigationLink(title=page.title, url=page.get_absolute_url()) for page in pages]
