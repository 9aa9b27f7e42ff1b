"""How the shop writes things down."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()

GRAMS_PER_KILOGRAM = 1000


@register.filter
def weight(grams: int) -> str:
    """“450 g”, “1.2 kg”, “12 kg”."""
    if grams < GRAMS_PER_KILOGRAM:
        return f"{grams}\N{NO-BREAK SPACE}g"
    kilograms = (Decimal(grams) / GRAMS_PER_KILOGRAM).quantize(Decimal("0.1")).normalize()
    return f"{kilograms:f}\N{NO-BREAK SPACE}kg"


@register.filter
def percent(number: Decimal) -> str:
    """“20 %”, “5.5 %”."""
    return f"{number.normalize():f}\N{NO-BREAK SPACE}%"
