"""Catalogue out: all products, or those that are chosen, as a file in Shopify's format."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.generics import AnyModelAdmin
from ecommerce.models import Product
from ecommerce.services import product_export
from ecommerce.streaming import csv_download

from .product_import import may_import


class ExportMixin(AnyModelAdmin):
    change_list_template = "ecommerce/admin/product_list.html"

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_safe(self.export_view))
        return [path("export/", export, name="ecommerce_product_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"may_import": may_import(request), **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _download(request, Product.objects.all())

    @admin.action(description=_("Export the selected products (Shopify’s CSV)"), permissions=["view"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Product]) -> StreamingHttpResponse:
        chosen = list(queryset.values_list("pk", flat=True))
        return _download(request, Product.objects.filter(pk__in=chosen))


def _download(request: HttpRequest, products: QuerySet[Product]) -> StreamingHttpResponse:
    name = f"products-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_download(request, product_export.pieces(products), name=name)
