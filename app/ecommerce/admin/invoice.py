from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin
from core.templatetags.money import money
from ecommerce.models import Invoice


@admin.register(Invoice)
class InvoiceAdmin(AnyModelAdmin):
    """Issued by the shop, and final: here they are found, read and downloaded."""

    list_display = ["number", "kind", "order_link", "issued", "amount", "tax_amount", "download"]
    list_filter = ["kind", "year", "issued"]
    list_select_related = ["order"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "issued"
    search_fields = ["number", "order__number", "order__email"]
    search_help_text = _("Number of the invoice or the order, or e-mail address.")
    fields = ["number", "kind", "order_link", "issued", "amount", "tax_amount", "download"]
    readonly_fields = ["order_link", "amount", "tax_amount", "download"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("order"), ordering="order")
    def order_link(self, invoice: Invoice) -> SafeString:
        address = reverse("admin:ecommerce_order_change", args=[invoice.order_id])
        return format_html('<a href="{}">{}</a>', address, invoice.order)

    @admin.display(description=_("total"), ordering="total")
    def amount(self, invoice: Invoice) -> str:
        return money(invoice.total, invoice.currency)

    @admin.display(description=_("tax"), ordering="tax")
    def tax_amount(self, invoice: Invoice) -> str:
        return money(invoice.tax, invoice.currency)

    @admin.display(description=_("PDF"))
    def download(self, invoice: Invoice) -> SafeString:
        address = reverse("ecommerce:own_invoice", args=[invoice.number])
        return format_html('<a href="{}">{}</a>', address, _("Download"))
