from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin
from core.templatetags.money import money
from ecommerce.models import ShippingMethod

SHOWN = 6  # countries in the list


@admin.register(ShippingMethod)
class ShippingMethodAdmin(AnyModelAdmin):
    list_display = ["name", "cost", "free", "goes_to", "active", "position"]
    list_editable = ["active", "position"]
    list_filter = ["active"]
    search_fields = ["name"]
    fields = ["name", "description", "price", "free_from", "tax_rate", "countries", "active", "position"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Two lists with a search: in one long list, a click at the wrong place would unselect all the others."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "countries":
            field.widget = FilteredSelectMultiple(db_field.verbose_name, is_stacked=False, choices=field.choices)
            field.label = ""  # each of the two lists has its own, and a third would stand beside them
        return field

    @admin.display(description=_("price"), ordering="price")
    def cost(self, method: ShippingMethod) -> str:
        return money(method.price)

    @admin.display(description=_("free from"), ordering="free_from")
    def free(self, method: ShippingMethod) -> str | None:
        return money(method.free_from) if method.free_from is not None else None

    @admin.display(description=_("countries"))
    def goes_to(self, method: ShippingMethod) -> str:
        codes = [country.code for country in method.countries]
        if not codes:
            return str(_("everywhere"))
        more = len(codes) - SHOWN
        return ", ".join(codes[:SHOWN]) + (_(" and %d more") % more if more > 0 else "")
