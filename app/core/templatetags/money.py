"""Amounts of money as people read them: “€24.00”, “£1,250.00”, “24.00 CHF”, “2,400 JPY”; in German “1.250,00 €”.

The one place that formats them. What programs read (JSON-LD, files, Stripe, inputs) gets the plain Decimal.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext

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
    number = number_format(abs(rounded), use_l10n=True, force_grouping=True)
    symbol = _SYMBOLS.get(code)
    if symbol is None:
        return f"{sign}{number}\N{NO-BREAK SPACE}{code}"
    # Translators: how an amount is written with its currency's sign, such as “€24.00”.
    return sign + gettext("%(symbol)s%(number)s") % {"symbol": symbol, "number": number}


@register.filter
def percent(number: Decimal) -> str:
    """“20 %”, “5.5 %”."""
    return f"{number_format(number.normalize(), use_l10n=True)}\N{NO-BREAK SPACE}%"
