"""Amounts of money as people read them: “€24.00”, “£1,250.00”, “24.00 CHF”, “2,400 JPY”."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.conf import settings

register = template.Library()

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
# The currencies of ISO 4217 that have no minor unit.
_WITHOUT_CENTS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905  # easier to read
)


def decimal_places(currency: str) -> int:
    return 0 if currency in _WITHOUT_CENTS else 2


@register.filter
def money(amount: Decimal | int | str | None, currency: str = "") -> str:
    """The amount in that currency, or in the shop's. Nothing for None, so that a template needs no condition."""
    if amount is None or amount == "":
        return ""
    code = currency or settings.CURRENCY
    unit = Decimal(1).scaleb(-decimal_places(code))
    rounded = Decimal(amount).quantize(unit, rounding=ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    number = f"{abs(rounded):,}"
    symbol = _SYMBOLS.get(code)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number}\N{NO-BREAK SPACE}{code}"
