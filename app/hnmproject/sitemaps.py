"""The sitemap: an index, and one map for each kind of page. Addresses come from SITE_URL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.models import BlogPost, Page
from core.site_address import absolute
from ecommerce.models import Category, Product

PER_PAGE = 5000


class SiteSitemap(Sitemap[Any]):
    limit = PER_PAGE

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(urlsplit(settings.SITE_URL).scheme)

    def get_domain(self, site: object | None = None) -> str:
        return str(urlsplit(settings.SITE_URL).netloc)


class FixedPages(SiteSitemap):
    """What is always there."""

    def items(self) -> list[str]:
        return ["home", "ecommerce:product_list", "core:blog_list", "core:contact", "core:cookies"]

    def location(self, item: str) -> str:
        return reverse(item)


class ModelPages(SiteSitemap):
    """The rows of one queryset, read without their long texts."""

    def __init__(self, rows: Callable[[], QuerySet[Any]], *, dated: bool = True) -> None:
        self.rows = rows
        self.dated = dated

    def items(self) -> QuerySet[Any]:
        return self.rows().order_by("pk")

    def lastmod(self, item: Any) -> datetime | None:
        return item.modified if self.dated else None


SECTIONS: dict[str, SiteSitemap] = {
    "site": FixedPages(),
    "pages": ModelPages(lambda: Page.objects.published().only("slug", "modified")),
    "posts": ModelPages(lambda: BlogPost.objects.published().only("slug", "modified")),
    "categories": ModelPages(lambda: Category.objects.only("slug"), dated=False),
    "products": ModelPages(lambda: Product.objects.published().only("slug", "modified")),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One COUNT for each section: how many maps it takes."""
    maps = [{"location": address} for name in SECTIONS for address in _map_addresses(name)]
    return render(request, "sitemap_index.xml", {"sitemaps": maps}, content_type="application/xml")


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """One map. Two queries."""
    return sitemap(request, {**SECTIONS}, section=section)


def _map_addresses(name: str) -> list[str]:
    address = absolute(reverse("sitemap_section", kwargs={"section": name}))
    return [address if page == 1 else f"{address}?p={page}" for page in SECTIONS[name].paginator.page_range]
