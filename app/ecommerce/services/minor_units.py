"""Amounts as Stripe counts them: whole numbers of the currency's smallest unit.

Source: Stripe's page “Supported currencies”, zero-decimal and three-decimal currencies.
"""

from __future__ import annotations

from decimal import Decimal

from core.templatetags.money import decimal_places

THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def to_minor(amount: Decimal, currency: str) -> int:
    """24.00 EUR are 2400, 2400 JPY are 2400, 1.50 KWD are 1500."""
    return int(amount.scaleb(_places(currency)).to_integral_exact())


def from_minor(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-_places(currency)).quantize(Decimal("0.01"))


def _places(currency: str) -> int:
    return 3 if currency.upper() in THREE_DECIMALS else decimal_places(currency.upper())
