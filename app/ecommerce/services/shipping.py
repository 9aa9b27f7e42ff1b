"""Where parcels go, how, and for how much."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ecommerce.models import ShippingMethod
from ecommerce.services import totals


def active_methods() -> list[ShippingMethod]:
    """All that staff offer, in their order. One query."""
    return list(ShippingMethod.objects.filter(active=True).select_related("tax_rate"))


def methods_to(country: str, *, methods: Sequence[ShippingMethod]) -> list[ShippingMethod]:
    """Those of these methods that go there."""
    return [method for method in methods if serves(method, country)]


def serves(method: ShippingMethod, country: str) -> bool:
    codes = _codes(method)
    return not codes or country in codes


def countries(methods: Sequence[ShippingMethod]) -> frozenset[str] | None:
    """Where any of them goes; None is everywhere, and an empty set nowhere."""
    if any(not _codes(method) for method in methods):
        return None
    return frozenset(code for method in methods for code in _codes(method))


def price(method: ShippingMethod, *, goods: Decimal) -> Decimal:
    """What it costs for goods of that amount, after the coupon."""
    return totals.shipping_price(terms(method), goods=goods)


def terms(method: ShippingMethod) -> totals.Shipping:
    return totals.Shipping(
        price=method.price,
        free_from=method.free_from,
        tax_percent=method.tax_rate.percent,
        tax_name=method.tax_rate.name,
    )


def _codes(method: ShippingMethod) -> list[str]:
    return [country.code for country in method.countries]
