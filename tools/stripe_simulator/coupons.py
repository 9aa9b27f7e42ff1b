"""Coupons, as far as sessions take them."""

from __future__ import annotations

from typing import Any

from . import parameters as p
from .clock import Clock
from .errors import StripeError, bad_parameter, missing_object
from .store import Body, Store, new_id

CREATE: dict[str, p.Check] = {
    "id": p.text(100),
    "amount_off": p.integer(1),
    "percent_off": p.decimal(0.01, 100),
    "currency": p.currency,
    "duration": p.choice("once", "forever"),
    "name": p.text(40),
    "max_redemptions": p.integer(1),
    "metadata": p.metadata,
}


class Coupons:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def get(self, identifier: str) -> Body:
        coupon = self._store.find(identifier, "coupon")
        if coupon is None:
            raise missing_object("coupon", identifier, param="coupon")
        return coupon

    def create(self, raw: dict[str, Any]) -> Body:
        given = p.checked(raw, CREATE)
        if ("amount_off" in given) == ("percent_off" in given):
            raise bad_parameter("You must pass either amount_off or percent_off, and not both.", "percent_off")
        if "amount_off" in given and "currency" not in given:
            raise bad_parameter("Missing required param: currency.", "currency", code="parameter_missing")
        identifier = given.get("id") or new_id("", 8).strip("_")
        if self._store.find(identifier) is not None:
            raise StripeError("Coupon already exists.", code="resource_already_exists", param="id")
        coupon: Body = {
            "id": identifier,
            "object": "coupon",
            "amount_off": given.get("amount_off"),
            "created": self._clock.seconds(),
            "currency": given.get("currency"),
            "duration": given.get("duration", "once"),
            "duration_in_months": None,
            "livemode": False,
            "max_redemptions": given.get("max_redemptions"),
            "metadata": given.get("metadata", {}),
            "name": given.get("name"),
            "percent_off": given.get("percent_off"),
            "redeem_by": None,
            "times_redeemed": 0,
            "valid": True,
        }
        self._store.add(coupon)
        return coupon
