"""Many buyers reach for the same few pieces at once, for real: threads with a connection each, in both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from ecommerce.models import Order, OrderLine, Variant
from ecommerce.services import stock
from ecommerce.services.errors import OutOfStockError
from ecommerce.tests.factories import ProductFactory

AT_ONCE = 12
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[int], object], *, times: int) -> list[object]:
    """The results of so many calls, each in a thread with a database connection of its own."""

    def with_connection(number: int) -> object:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(with_connection, range(times)))


def an_order_of(*variants: Variant, quantity: int = 1) -> Order:
    order = Order.objects.create(
        number=uuid.uuid4().hex[:12], checkout_key=uuid.uuid4(), email="alice@example.com", currency="EUR"
    )
    for variant in variants:
        OrderLine.objects.create(
            order=order, variant=variant, product_title="Bowl", sku=variant.sku, quantity=quantity, tax_percent=20
        )
    return order


def buy(*variants: Variant) -> bool:
    try:
        with transaction.atomic():
            stock.lock([variant.pk for variant in variants])
            stock.reserve(order=an_order_of(*variants))
    except OutOfStockError:
        return False
    return True


def test_two_hundred_buyers_of_twenty_pieces_get_twenty():
    variant = ProductFactory(stock=20).variants.get()
    outcomes = at_once(lambda number: buy(variant), times=200)
    assert outcomes.count(True) == 20
    variant.refresh_from_db()
    assert variant.stock == 0
    assert Order.objects.count() == 20, "whoever got nothing left nothing behind"


def test_control_who_looks_first_and_writes_then_oversells():
    """What the condition in the UPDATE spares us."""
    variant = ProductFactory(stock=1).variants.get()
    barrier = Barrier(AT_ONCE)

    def look_then_write(number: int) -> bool:
        seen = Variant.objects.get(pk=variant.pk)
        barrier.wait(timeout=30)
        if seen.stock < 1:
            return False
        Variant.objects.filter(pk=variant.pk).update(stock=seen.stock - 1)
        return True

    assert at_once(look_then_write, times=AT_ONCE).count(True) == AT_ONCE


def test_the_database_itself_refuses_negative_stock():
    variant = ProductFactory(stock=1).variants.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Variant.objects.filter(pk=variant.pk).update(stock=-1)


def test_buyers_of_the_same_goods_in_another_order_do_not_wait_for_ever():
    """Rows locked in the order of the lines instead of their keys would be a deadlock that MySQL has to break."""
    first, second = ProductFactory(stock=60).variants.get(), ProductFactory(stock=60).variants.get()
    outcomes = at_once(lambda number: buy(*((first, second) if number % 2 else (second, first))), times=60)
    assert outcomes.count(True) == 60


def test_a_reservation_is_given_back_once_however_often_it_is_asked():
    variant = ProductFactory(stock=5).variants.get()
    with transaction.atomic():
        order = an_order_of(variant, quantity=3)
        stock.reserve(order=order)
    outcomes = at_once(lambda number: stock.release(order=Order.objects.get(pk=order.pk)), times=AT_ONCE)
    assert outcomes.count(True) == 1
    variant.refresh_from_db()
    assert variant.stock == 5


def test_pieces_are_sold_or_given_back_and_never_both():
    variant = ProductFactory(stock=AT_ONCE).variants.get()
    orders = [an_order_of(variant) for _ in range(AT_ONCE)]
    for order in orders:
        with transaction.atomic():
            stock.reserve(order=order)

    def sell_and_release(number: int) -> int:
        verb = stock.sell if number % 2 else stock.release
        return sum(verb(order=Order.objects.get(pk=order.pk)) for order in orders)

    assert sum(at_once(sell_and_release, times=4)) == AT_ONCE
    variant.refresh_from_db()
    assert variant.stock == Order.objects.filter(reservation=Order.Reservation.RELEASED).count()
