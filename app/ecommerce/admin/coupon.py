from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin, AnyModelForm
from core.templatetags.money import money, percent
from ecommerce.models import Coupon, Order


class CouponForm(AnyModelForm):
    def clean_code(self) -> str:
        """One way to write it, since buyers may write it in any."""
        code = " ".join(self.cleaned_data["code"].upper().split())
        if Coupon.objects.filter(code__iexact=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a coupon with this code already."))
        return code


@admin.register(Coupon)
class CouponAdmin(AnyModelAdmin):
    form = CouponForm
    list_display = ["code", "discount", "minimum", "starts", "ends", "used", "active"]
    list_filter = ["active", "kind"]
    search_fields = ["code"]
    readonly_fields = ["uses"]
    fieldsets = [
        (None, {"fields": ["code", "kind", "value", "active"]}),
        (_("When it applies"), {"fields": ["minimum_amount", "starts", "ends"]}),
        (_("How often"), {"fields": ["max_uses", "max_uses_per_customer", "uses"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that orders were made with is put out of use and not deleted: its uses are counted by them."""
        if obj is not None and Order.objects.filter(coupon=obj).exists():
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=_("discount"), ordering="value")
    def discount(self, coupon: Coupon) -> str:
        return percent(coupon.value) if coupon.kind == Coupon.Kind.PERCENT else money(coupon.value)

    @admin.display(description=_("from"), ordering="minimum_amount")
    def minimum(self, coupon: Coupon) -> str | None:
        return money(coupon.minimum_amount) if coupon.minimum_amount else None

    @admin.display(description=_("used"), ordering="uses")
    def used(self, coupon: Coupon) -> str:
        return f"{coupon.uses} / {coupon.max_uses}" if coupon.max_uses is not None else str(coupon.uses)
