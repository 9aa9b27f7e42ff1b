"""Catalogue out: all products, or those that are chosen, as a file in Shopify's format."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.admin import log
from core.generics import AnyModelAdmin
from ecommerce.models import Product
from ecommerce.services import exports

from .product_import import may_import


class ExportMixin(AnyModelAdmin):
    change_list_template = "ecommerce/admin/product_list.html"

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.export_view))
        return [path("export/", export, name="ecommerce_product_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"may_import": may_import(request), **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Ask whether it is meant; do it at the POST."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return _export(request, Product.objects.all())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Export all products"),
            "number": Product.objects.count(),
        }
        return render(request, "ecommerce/admin/product_export.html", context)

    @admin.action(description=_("Export the selected products (Shopify’s CSV)"), permissions=["view"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse:
        return _export(request, queryset)


def _export(request: HttpRequest, products: QuerySet[Product]) -> HttpResponse:
    job = exports.ask_for_products(products=products, by=request.user)  # type: ignore[arg-type]  # nobody anonymous
    log.exported(request, products)
    return redirect(job)
