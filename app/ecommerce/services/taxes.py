"""Rates of value added tax."""

from __future__ import annotations

from decimal import Decimal

from ecommerce.models import TaxRate


def default_rate() -> TaxRate:
    """The rate a new product gets: the highest, which everywhere is the standard one. Made if there is none yet."""
    rate = TaxRate.objects.order_by("-percent", "pk").first()
    return rate or TaxRate.objects.get_or_create(name="Standard", defaults={"percent": Decimal(20)})[0]
