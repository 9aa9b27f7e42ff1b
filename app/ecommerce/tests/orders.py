"""Orders as checkout makes them, for tests of what happens to them afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from ecommerce.models import Order, OrderAddress, OrderLine, Refund, RefundLine, Variant
from ecommerce.services import orders, stock
from ecommerce.tests.factories import ProductFactory

CENT = Decimal("0.01")


def variants(number: int = 1, *, stock: int = 10, price: str = "24.00") -> list[Variant]:
    return [ProductFactory(stock=stock, price=price).variants.get() for _number in range(number)]


@transaction.atomic
def an_order(
    *sold: Variant, quantities: Sequence[int] = (), shipping: str = "4.90", include_tax: bool = True, **fields: Any
) -> Order:
    """An order that waits for payment, its pieces held. Without variants: two of one at 24.00."""
    sold, quantities = (sold, quantities or (1,) * len(sold)) if sold else (tuple(variants()), quantities or (2,))
    order = Order.objects.create(
        **{
            "number": orders.new_number(),
            "checkout_key": uuid.uuid4(),
            "email": "alice@example.com",
            "currency": "EUR",
            "reserved_until": timezone.now() + timedelta(minutes=31),
            "shipping_name": "Parcel",
            "shipping_tax_percent": Decimal(20),
            "prices_include_tax": include_tax,
            "terms_accepted": timezone.now(),
            **fields,
        }
    )
    lines = [_line(order, variant, quantity, include_tax) for variant, quantity in zip(sold, quantities, strict=True)]
    _addresses(order)
    order.goods = sum((line.total for line in lines), Decimal(0))
    order.shipping = Decimal(shipping)
    shipping_tax = _tax(order.shipping, Decimal(20), include_tax)
    order.tax = sum((line.tax for line in lines), shipping_tax)
    order.total = order.goods + order.shipping + (0 if include_tax else order.tax)
    order.save()
    stock.reserve(order=order)
    return order


def a_paid_order(*sold: Variant, **fields: Any) -> Order:
    order = an_order(*sold, **fields)
    return pay(order)


def pay(order: Order) -> Order:
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        orders.mark_paid(order=locked)
    order.refresh_from_db()
    return order


def pay_and_fail(order: Order) -> None:
    """A payment whose transaction is undone at its end."""
    try:
        with transaction.atomic():
            orders.mark_paid(order=Order.objects.select_for_update().get(pk=order.pk))
            raise RuntimeError("The power went out.")
    except RuntimeError:
        assert not order.invoices.exists()


def a_refund(order: Order, *, amount: str | Decimal, lines: Sequence[tuple[OrderLine, int, Decimal]] = (), **fields):
    """One that Stripe has paid back, recorded."""
    refund = Refund.objects.create(order=order, amount=Decimal(amount), status=Refund.Status.SUCCEEDED, **fields)
    for line, quantity, share in lines:
        RefundLine.objects.create(refund=refund, line=line, quantity=quantity, amount=share)
    return settle(refund)


def settle(refund: Refund) -> Refund:
    """What payments do when Stripe says that the money is back."""
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=refund.order_id)
        refund.status = Refund.Status.SUCCEEDED
        refund.save()
        orders.record_refund(refund=refund)
    return refund


def _line(order: Order, variant: Variant, quantity: int, include_tax: bool) -> OrderLine:
    percent = variant.product.tax_rate.percent
    total = variant.price * quantity
    return OrderLine.objects.create(
        order=order,
        variant=variant,
        product_title=variant.product.title,
        variant_title=variant.title,
        sku=variant.sku,
        quantity=quantity,
        unit_price=variant.price,
        total=total,
        tax_name=variant.product.tax_rate.name,
        tax_percent=percent,
        tax=_tax(total, percent, include_tax),
    )


def _addresses(order: Order) -> None:
    for kind in OrderAddress.Kind.values:
        OrderAddress.objects.create(
            order=order,
            kind=kind,
            name="Alice Example",
            street="Lindenstraße 5",
            postal_code="10969",
            city="Berlin",
            country="DE",
        )


def _tax(amount: Decimal, percent: Decimal, include_tax: bool) -> Decimal:
    return (amount * percent / (100 + percent if include_tax else 100)).quantize(CENT, rounding=ROUND_HALF_UP)
