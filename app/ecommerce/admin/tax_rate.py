from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin
from ecommerce.models import TaxRate


@admin.register(TaxRate)
class TaxRateAdmin(AnyModelAdmin):
    list_display = ["name", "percent", "product_count"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxRate]:
        rates: QuerySet[TaxRate] = super().get_queryset(request)
        return rates.annotate(number_of_products=Count("products"))

    @admin.display(description=_("products"), ordering="number_of_products")
    def product_count(self, rate: Any) -> int:
        return int(rate.number_of_products)
