"""What the shop knows of Stripe, to read: only Stripe and the jobs change it."""

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
from ecommerce.models import Refund, StripeEvent, StripeSession


class RecordAdmin(AnyModelAdmin):
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("order"), ordering="order")
    def order_link(self, row: StripeSession | Refund) -> SafeString:
        address = reverse("admin:ecommerce_order_change", args=[row.order_id])
        return format_html('<a href="{}">{}</a>', address, row.order)


@admin.register(StripeSession)
class StripeSessionAdmin(RecordAdmin):
    list_display = ["__str__", "order_link", "status", "sum", "created", "expires_at"]
    list_filter = ["status", "created"]
    list_select_related = ["order"]
    search_fields = ["session_id", "payment_intent", "order__number", "order__email"]
    search_help_text = _("Stripe's id of the session or the payment, number of the order, or e-mail address.")
    exclude = ["order", "url"]
    readonly_fields = ["order_link", "url"]

    @admin.display(description=_("amount"), ordering="amount")
    def sum(self, session: StripeSession) -> str:
        return money(session.amount, session.currency)


@admin.register(StripeEvent)
class StripeEventAdmin(RecordAdmin):
    list_display = ["event_id", "type", "object_id", "received", "processed", "outcome"]
    list_filter = ["type", "received"]
    search_fields = ["event_id", "object_id"]
    search_help_text = _("Stripe's id of the event, or of what it is about.")


@admin.register(Refund)
class RefundAdmin(RecordAdmin):
    list_display = ["__str__", "order_link", "status", "sum", "reason", "created"]
    list_filter = ["status", "created"]
    list_select_related = ["order"]
    search_fields = ["refund_id", "payment_intent", "order__number", "order__email"]
    search_help_text = _("Stripe's id of the refund or the payment, number of the order, or e-mail address.")
    exclude = ["order"]
    readonly_fields = ["order_link"]

    @admin.display(description=_("amount"), ordering="amount")
    def sum(self, refund: Refund) -> str:
        return money(refund.amount, refund.order.currency)
