"""How the shop writes things down."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()

GRAMS_PER_KILOGRAM = 1000


@register.filter
def weight(grams: int) -> str:
    """“450 g”, “1.2 kg”, “12 kg”."""
    if grams < GRAMS_PER_KILOGRAM:
        return f"{grams}\N{NO-BREAK SPACE}g"
    kilograms = (Decimal(grams) / GRAMS_PER_KILOGRAM).quantize(Decimal("0.1")).normalize()
    return f"{number_format(kilograms, use_l10n=True)}\N{NO-BREAK SPACE}kg"
