"""How the demo sends things, and its coupons."""

from __future__ import annotations

from decimal import Decimal

from hnmproject.demo.specs import CouponSpec, ShippingSpec

NEAR = ("DE", "AT", "BE", "CH", "DK", "FR", "LU", "NL")
EUROPE = (
    *NEAR,
    *("BG", "CY", "CZ", "EE", "ES", "FI", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LV", "MT", "NO", "PL"),
    *("PT", "RO", "SE", "SI", "SK"),
)
OVERSEAS = ("AU", "CA", "JP", "NZ", "US")

SHIPPING = [
    ShippingSpec("Standard", "Two to four working days", Decimal("4.90"), EUROPE, free_from=Decimal("90.00")),
    ShippingSpec("Express", "The next working day, if you order before noon", Decimal("12.90"), NEAR),
    ShippingSpec("Overseas parcel", "Ten to fifteen working days, tracked", Decimal("19.90"), OVERSEAS),
    ShippingSpec("Pick it up", "At the workshop, Monday to Friday, from tomorrow on", Decimal("0.00"), ("DE", "GB")),
]

COUPONS = [
    CouponSpec("WELCOME10", is_percent=True, value=Decimal(10), uses_per_customer=1),
    CouponSpec("FIVER", is_percent=False, value=Decimal(5), minimum=Decimal(40)),
]
