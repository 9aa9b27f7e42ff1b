from __future__ import annotations

from decimal import Decimal

import pytest

from core.templatetags.money import money


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (Decimal(24), "EUR", "€24.00"),
        (Decimal("1234567.5"), "GBP", "£1,234,567.50"),
        (Decimal("0.005"), "USD", "$0.01"),
        (Decimal("-5.5"), "EUR", "−€5.50"),
        (Decimal("24.00"), "CHF", "24.00\N{NO-BREAK SPACE}CHF"),
        (Decimal("2400.00"), "JPY", "2,400\N{NO-BREAK SPACE}JPY"),
        (0, "EUR", "€0.00"),
        (None, "EUR", ""),
    ],
)
def test_writes_amounts_as_people_read_them(amount, currency, written):
    assert money(amount, currency) == written


def test_takes_the_currency_of_the_shop(settings):
    settings.CURRENCY = "USD"
    assert money(Decimal(3)) == "$3.00"
