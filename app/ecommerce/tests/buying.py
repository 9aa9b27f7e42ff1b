"""What tests of buying share: ways to pay for nothing real, people's addresses, carts with something in them."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from core.services.addresses import Address
from ecommerce.models import Cart, Coupon, ShippingMethod, Variant
from ecommerce.services import carts, checkout
from ecommerce.tests.factories import TaxRateFactory

BERLIN = Address(name="Alice Example", street="Lindenweg 4", postal_code="10115", city="Berlin", country="DE")


class ShippingMethodFactory(DjangoModelFactory[ShippingMethod]):
    class Meta:
        model = ShippingMethod

    name = factory.Sequence(lambda n: f"Parcel {n}")
    price = Decimal("4.90")
    tax_rate = factory.SubFactory(TaxRateFactory)


class CouponFactory(DjangoModelFactory[Coupon]):
    """Ten per cent off."""

    class Meta:
        model = Coupon

    code = factory.Sequence(lambda n: f"COUPON{n}")
    value = Decimal(10)


def cart_of(*variants: Variant, quantity: int = 1, **fields: Any) -> Cart:
    cart = Cart.objects.create(**fields)
    for variant in variants:
        carts.add(cart=cart, variant=variant, quantity=quantity)
    return cart


def details(method: ShippingMethod, **changes: Any) -> checkout.CheckoutDetails:
    said = {
        "email": "alice@example.com",
        "shipping": BERLIN,
        "billing": BERLIN,
        "shipping_method": method,
        "terms": True,
    }
    return checkout.CheckoutDetails(**{**said, **changes})


def form_data(cart: Cart, method: ShippingMethod, /, **changes: str | None) -> dict[str, str]:
    """What the checkout's form sends, as the page shows it now."""
    review = carts.review(cart=cart)
    data = {
        "email": "alice@example.com",
        **{f"ship-{name}": value for name, value in BERLIN.as_fields().items()},
        "method": str(method.pk),
        "note": "",
        "terms": "on",
        "key": str(cart.checkout_key),
        "shown": checkout.quote(review=review, method=method).fingerprint,
        "action": "pay",
    }
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def place(cart: Cart, method: ShippingMethod, *, key: uuid.UUID | None = None, user: Any = None, **changes: Any) -> Any:
    return checkout.place(cart=cart, details=details(method, **changes), user=user, key=key or cart.checkout_key)
