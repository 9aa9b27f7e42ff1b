"""A coupon's last use, reached for by many buyers at once, goes once: of all uses, and of one customer's."""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db import OperationalError, transaction

from ecommerce.models import Cart, Coupon, Order, ShippingMethod
from ecommerce.services import carts, checkout, coupons, orders
from ecommerce.services.errors import CartChangedError
from ecommerce.tests import buying
from ecommerce.tests.buying import CouponFactory, ShippingMethodFactory, cart_of, details
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.racing import is_deadlock, needs_row_locks, remove_locks, waits_after
from ecommerce.tests.test_stock_race import AT_ONCE, an_order_of, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def method() -> ShippingMethod:
    return ShippingMethodFactory.create()


def carts_with(coupon: Coupon, *, number: int = AT_ONCE) -> list[Cart]:
    variant = ProductFactory(stock=100).variants.get()
    return [cart_of(variant, coupon=coupon) for _cart in range(number)]


def shown(cart: Cart, method: ShippingMethod) -> str:
    return checkout.quote(review=carts.review(cart=cart), method=method).fingerprint


def buy(cart: Cart, method: ShippingMethod, *, email: str, seen: str | None) -> bool:
    """Whether there is an order at the price with the coupon."""
    said = details(method, email=email, shown=seen)
    try:
        return checkout.place(cart=cart, details=said, user=None, key=cart.checkout_key).holds_coupon
    except CartChangedError:
        return False


def test_the_last_use_of_all_goes_once(method):
    coupon = CouponFactory.create(max_uses=1)
    waiting = carts_with(coupon)
    seen = [shown(cart, method) for cart in waiting]
    outcomes = at_once(
        lambda number: buy(waiting[number], method, email=f"buyer{number}@example.com", seen=seen[number]),
        times=AT_ONCE,
    )
    assert outcomes.count(True) == 1
    coupon.refresh_from_db()
    assert coupon.uses == 1
    assert Order.objects.get().discount > 0, "nobody was charged a price that they had not seen"


def test_who_did_not_look_pays_the_full_price(method):
    coupon = CouponFactory.create(max_uses=3)
    waiting = carts_with(coupon)
    outcomes = at_once(
        lambda number: buy(waiting[number], method, email=f"buyer{number}@example.com", seen=None), times=AT_ONCE
    )
    assert outcomes.count(True) == 3
    coupon.refresh_from_db()
    assert coupon.uses == 3
    assert Order.objects.filter(discount__gt=0).count() == 3
    assert Order.objects.count() == AT_ONCE


def test_a_customer_s_last_use_goes_once(method):
    coupon = CouponFactory.create(max_uses_per_customer=1)
    waiting = carts_with(coupon)
    seen = [shown(cart, method) for cart in waiting]
    outcomes = at_once(
        lambda number: buy(waiting[number], method, email="Alice@example.com", seen=seen[number]), times=AT_ONCE
    )
    assert outcomes.count(True) == 1
    assert Order.objects.get(holds_coupon=True).email == "alice@example.com"


def test_uses_given_back_and_taken_at_once_are_counted(method):
    """Half of the buyers give their orders up while the other half place theirs."""
    coupon = CouponFactory.create(max_uses=AT_ONCE)
    waiting = carts_with(coupon)
    placed = [buying.place(cart, method, email=f"buyer{cart.pk}@example.com") for cart in waiting[: AT_ONCE // 2]]

    def give_up_or_buy(number: int) -> bool:
        if number < len(placed):
            return orders.abandon(order=placed[number])
        return buy(waiting[number], method, email=f"buyer{number}@example.com", seen=None)

    assert at_once(give_up_or_buy, times=AT_ONCE).count(True) == AT_ONCE
    coupon.refresh_from_db()
    assert coupon.uses == Order.objects.filter(holds_coupon=True).count() == AT_ONCE - len(placed)


def test_a_use_is_given_back_once_however_often_it_is_asked(method):
    coupon = CouponFactory.create()
    kept, given_up = [buying.place(cart, method) for cart in carts_with(coupon, number=2)]
    outcomes = at_once(lambda number: coupons.release(order=Order.objects.get(pk=given_up.pk)), times=AT_ONCE)
    assert outcomes.count(True) == 1
    coupon.refresh_from_db()
    assert coupon.uses == 1
    kept.refresh_from_db()
    assert kept.holds_coupon


def test_control_who_looks_first_and_writes_then_uses_it_too_often():
    """What the condition in the UPDATE spares us."""
    coupon = CouponFactory.create(max_uses=1)
    barrier = Barrier(AT_ONCE)

    def look_then_write(number: int) -> bool:
        seen = Coupon.objects.get(pk=coupon.pk)
        barrier.wait(timeout=30)
        if seen.uses >= (seen.max_uses or 0):
            return False
        Coupon.objects.filter(pk=coupon.pk).update(uses=seen.uses + 1)
        return True

    assert at_once(look_then_write, times=AT_ONCE).count(True) == AT_ONCE


def test_control_a_look_at_a_customer_s_orders_does_not_keep_others_from_ordering():
    """What counting under the coupon's lock spares us."""
    coupon = CouponFactory.create(max_uses_per_customer=1)
    variant = ProductFactory(stock=100).variants.get()
    waiting = [an_order_of(variant) for _order in range(AT_ONCE)]
    barrier = Barrier(AT_ONCE)

    def look_then_write(number: int) -> bool:
        coupons.check(coupon=coupon, goods=waiting[number].total, email="alice@example.com")
        barrier.wait(timeout=30)
        return Order.objects.filter(pk=waiting[number].pk).update(coupon=coupon, holds_coupon=True) == 1

    assert at_once(look_then_write, times=AT_ONCE).count(True) == AT_ONCE


@needs_row_locks
@pytest.mark.parametrize("has_locks", [True, False])
def test_control_the_checkout_without_its_locks_is_kept_from_a_second_use_by_a_deadlock_alone(
    method, monkeypatch, has_locks
):
    """Both have counted none; both orders point to the coupon, and then both want to change it."""
    coupon = CouponFactory.create(max_uses_per_customer=1)
    waiting = [*carts_with(coupon, number=1), *carts_with(coupon, number=1)]
    monkeypatch.setattr(coupons, "_check_customer", waits_after(Barrier(2), coupons._check_customer))
    if not has_locks:
        remove_locks(monkeypatch)

    def buy_or_fail(number: int) -> bool | OperationalError:
        try:
            return buy(waiting[number], method, email="alice@example.com", seen=None)
        except OperationalError as error:
            return error

    outcomes = at_once(buy_or_fail, times=2)
    assert outcomes.count(True) == 1
    assert sum(map(is_deadlock, outcomes)) == (0 if has_locks else 1)


@pytest.mark.parametrize("limits", [{"max_uses": 1}, {"max_uses_per_customer": 1}])
def test_a_late_payment_keeps_its_price_and_counts_again(method, limits):
    coupon = CouponFactory.create(**limits)
    [cart] = carts_with(coupon, number=1)
    order = buying.place(cart, method)
    orders.expire(order=order, reason="")
    coupon.refresh_from_db()
    assert coupon.uses == 0
    with transaction.atomic():
        orders.mark_paid(order=Order.objects.select_for_update().get(pk=order.pk))
    coupon.refresh_from_db()
    assert coupon.uses == 1
    [another] = carts_with(coupon, number=1)
    assert not buying.place(another, method).holds_coupon
