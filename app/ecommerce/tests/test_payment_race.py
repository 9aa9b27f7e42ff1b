"""Everything that says “paid” at once: webhooks, jobs, clicks, late payments. One order, one invoice, one sale.

Against the Stripe of this repository, in threads with a database connection each. Those that need locks of rows say
something on MySQL only.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Sum
from django.http import HttpResponse
from django.test import Client

from ecommerce import cart_cookie
from ecommerce.models import Cart, Invoice, Order, Refund, ShippingMethod, StripeEvent, StripeSession, Variant
from ecommerce.services import (
    carts,
    checkout,
    orders,
    payments,
    reconciliation,
    refunds,
    stock,
    stripe_client,
    stripe_events,
)
from ecommerce.services.errors import ShopError
from ecommerce.tests import buying
from ecommerce.tests.buying import CouponFactory, ShippingMethodFactory, cart_of, form_data
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.racing import is_deadlock, meet, needs_row_locks, remove_locks, waits_after, waits_before
from ecommerce.tests.test_payment_crash import assert_bought_once
from ecommerce.tests.test_payments import SLOW, WEBHOOK, overdue, running, session_of, stripe
from ecommerce.tests.test_stock_race import AT_ONCE, at_once
from tasks.models import Job
from tasks.services import jobs

__all__ = ["running", "stripe"]  # fixtures

CHECKOUT = "/shop/checkout/"
Reservation, Status = Order.Reservation, StripeSession.Status
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def method() -> ShippingMethod:
    return ShippingMethodFactory.create()


@pytest.fixture
def variant() -> Variant:
    return ProductFactory.create(stock=1, sku="LAST").variants.get()


@pytest.fixture
def cart(variant) -> Cart:
    return cart_of(variant)


@pytest.fixture
def order(stripe, cart, method) -> Order:
    """One that holds the last piece, its payment page open."""
    placed = buying.place(cart, method)
    payments.start(order=placed)
    return placed


def post(stripe: Any, event: dict[str, Any]) -> int:
    payload, signature = stripe.signed(event)
    headers = {"Stripe-Signature": signature}
    return Client().post(WEBHOOK, payload, content_type="application/json", headers=headers).status_code


def waiting_jobs() -> list[int]:
    return list(Job.objects.filter(state=Job.State.QUEUED).values_list("pk", flat=True))


def outcome_of(work: Callable[[], Any]) -> Any:
    """What it returned, or the error of the shop or the database that it ended with."""
    try:
        return work()
    except (ShopError, OperationalError, IntegrityError) as error:
        return error


def all_at_once(*works: Callable[[], Any]) -> list[Any]:
    return at_once(lambda number: outcome_of(works[number]), times=len(works))


def pieces_add_up(variant: Variant, initial: int) -> bool:
    variant.refresh_from_db()
    kept = Order.objects.exclude(reservation=Reservation.RELEASED).filter(lines__variant=variant)
    return variant.stock + (kept.aggregate(sum=Sum("lines__quantity"))["sum"] or 0) == initial


# --- Events ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [2, 10])
def test_webhooks_of_one_event_at_once_act_once(order, cart, variant, stripe, outbox, times):
    stripe.pay(session_of(order).session_id)
    [event] = stripe.events("checkout.session.completed")
    assert at_once(lambda number: post(stripe, event), times=times) == [200] * times
    job = Job.objects.get(kind=stripe_events.HANDLE)
    assert StripeEvent.objects.count() == 1
    assert at_once(lambda number: jobs.run(job_id=job.pk), times=times).count(True) == 1
    assert_bought_once(order, outbox)
    assert order.reservation == Reservation.SOLD
    assert pieces_add_up(variant, 1)
    assert not cart.lines.exists()


def test_an_event_whose_job_has_lost_its_lease_to_many_others_acts_once(order, stripe, outbox):
    stripe.pay(session_of(order).session_id)
    [event] = stripe.events("checkout.session.completed")
    post(stripe, event)
    row = StripeEvent.objects.get()
    outcomes = at_once(lambda number: stripe_events.handle(event_id=row.pk), times=AT_ONCE)
    assert sorted(set(outcomes)) == ["known already", "paid"]
    assert outcomes.count("paid") == 1
    assert order.events.filter(what="paid").count() == 1
    assert_bought_once(order, outbox)


def test_all_that_can_tell_of_one_payment_at_once_pays_once(order, stripe, outbox):
    """Two events, the buyer's return, the end of the reservation and the reconciliation."""
    session = session_of(order).session_id
    stripe.pay(session, card=SLOW)
    stripe.settle(session, succeeds=True)
    events = [event for event in stripe.events() if event["type"].startswith("checkout.session.")]
    assert len(events) == 2
    assert at_once(lambda number: post(stripe, events[number]), times=2) == [200, 200]
    payments.check_soon(order=order)
    overdue(order)
    payments.find_overdue()
    reconciliation.ask()
    asked = waiting_jobs()
    assert len(asked) >= 5
    assert at_once(lambda number: jobs.run(job_id=asked[number]), times=len(asked)).count(True) == len(asked)
    assert not Job.objects.exclude(error="").exists()
    assert_bought_once(order, outbox)
    assert order.events.filter(what="paid").count() == 1


def test_one_refund_told_by_many_at_once_is_counted_once(order, stripe):
    stripe.pay(session_of(order).session_id)
    payments.settle(session_id=session_of(order).session_id)
    order.refresh_from_db()
    refund = orders.refund(order=order, lines={order.lines.get().pk: 1}, restock=True, reason="", actor=None)
    refunds.send(refund_id=refund.pk)
    Refund.objects.filter(pk=refund.pk).update(status=Refund.Status.REQUESTED)  # as if the note of it had been lost
    intent = refund.payment_intent
    works = [lambda: refunds.send(refund_id=refund.pk), lambda: refunds.look(payment_intent=intent)] * 5
    assert not [answer for answer in all_at_once(*works) if isinstance(answer, Exception)]
    order.refresh_from_db()
    assert order.refunded == refund.amount
    assert order.invoices.filter(kind=Invoice.Kind.CREDIT_NOTE).count() == 1
    assert len(stripe.refunds()) == 1


def test_control_who_looks_whether_an_event_is_new_and_acts_then_acts_too_often():
    """What the event's unique id spares us."""
    barrier = Barrier(AT_ONCE)

    def look_then_act(number: int) -> bool:
        is_new = not StripeEvent.objects.filter(event_id="evt_1").exists()
        barrier.wait(timeout=30)
        return is_new

    assert at_once(look_then_act, times=AT_ONCE).count(True) == AT_ONCE


@needs_row_locks
@pytest.mark.parametrize("has_locks", [True, False])
def test_control_settling_without_locks_pays_twice(order, stripe, monkeypatch, has_locks):
    stripe.pay(session_of(order).session_id)
    session = session_of(order).session_id
    monkeypatch.setattr(payments, "_act", waits_before(Barrier(2), payments._act))
    if not has_locks:
        remove_locks(monkeypatch)
    outcomes = at_once(lambda number: payments.settle(session_id=session), times=2)
    assert outcomes.count("paid") == order.events.filter(what="paid").count() == (1 if has_locks else 2)


# --- Clicks ----------------------------------------------------------------------------------------------------------


def browser_of(cart: Cart) -> Client:
    answer = HttpResponse()
    cart_cookie.write(answer, cart)
    client = Client()
    client.cookies.update(answer.cookies)
    return client


def test_clicks_on_pay_at_once_make_one_order_and_one_payment_page(stripe, cart, method, variant, monkeypatch):
    # A machine so busy that Stripe's answer takes longer than a page waits: then the order's page is right, too.
    for module, name in (
        (stripe_client, "CONNECT_SECONDS"),
        (stripe_client, "PAGE_SECONDS"),
        (payments, "BUSY_SECONDS"),
    ):
        monkeypatch.setattr(module, name, 60)
    data = form_data(cart, method)
    answers = at_once(lambda number: browser_of(cart).post(CHECKOUT, data), times=AT_ONCE)
    assert {answer.status_code for answer in answers} == {303}
    order = Order.objects.get()
    assert {answer["Location"] for answer in answers} == {session_of(order).url}
    assert order.stripe_sessions.count() == 1
    assert len(list(stripe.parts.store.newest("checkout.session"))) == 1
    assert pieces_add_up(variant, 1)


def test_clicks_on_the_order_s_own_button_at_once_open_one_page(stripe, cart, method):
    order = buying.place(cart, method)
    stripe.faults(latency=1, latency_seconds=0.3)
    answers = all_at_once(*[lambda: payments.start(order=order)] * AT_ONCE)
    assert set(answers) == {session_of(order).url}
    assert len(list(stripe.parts.store.newest("checkout.session"))) == 1


def test_tabs_that_say_different_things_at_once_leave_one_order_waiting(stripe, cart, method, variant):
    forms = [form_data(cart, method, note=f"Tab {number}") for number in range(4)]
    answers = at_once(lambda number: browser_of(cart).post(CHECKOUT, forms[number]), times=len(forms))
    assert {answer.status_code for answer in answers} <= {303, 409}
    assert Order.objects.filter(state=Order.State.PENDING).count() == 1
    assert pieces_add_up(variant, 1)


@needs_row_locks
@pytest.mark.parametrize("has_locks", [True, False])
def test_control_two_clicks_without_locks_are_kept_apart_by_the_database_alone(cart, method, monkeypatch, has_locks):
    """And one of the two would be an error page."""
    Variant.objects.update(stock=10)
    monkeypatch.setattr(checkout, "_lock_goods", waits_before(Barrier(2), checkout._lock_goods))
    if not has_locks:
        remove_locks(monkeypatch)
    answers = all_at_once(*[lambda: buying.place(cart, method)] * 2)
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == (0 if has_locks else 1)
    assert Order.objects.count() == 1


# --- Late payments ---------------------------------------------------------------------------------------------------


def given_up_but_paid(order: Order, stripe: Any) -> str:
    orders.expire(order=order, reason="")
    session = session_of(order).session_id
    stripe.pay(session)
    return session


@pytest.mark.parametrize("attempt", range(4))
def test_a_late_payment_and_another_buyer_share_the_last_piece_never(order, variant, stripe, method, attempt):
    session = given_up_but_paid(order, stripe)
    others = [cart_of(variant) for _cart in range(3)]
    works = [lambda cart=cart: buying.place(cart, method, email="bob@example.com") for cart in others]
    works.insert(attempt, lambda: payments.settle(session_id=session))
    answers = all_at_once(*works)
    assert not [answer for answer in answers if isinstance(answer, OperationalError)]
    assert pieces_add_up(variant, 1)
    assert Order.objects.exclude(reservation=Reservation.RELEASED).count() == 1
    order.refresh_from_db()
    payment = session_of(order)
    assert (order.state, payment.status) in {("paid", Status.PAID), ("cancelled", Status.RETURNED)}
    jobs.run_due()
    if order.state == Order.State.PAID:
        assert not order.refunds.exists()
        assert order.invoices.count() == 1
    else:
        assert order.refunds.get().status == Refund.Status.SUCCEEDED
        assert order.refunds.get().amount == order.total
        assert not order.invoices.exists()


def test_the_last_piece_given_up_and_paid_and_wanted_at_once_goes_once(order, variant, stripe, method):
    session = session_of(order).session_id
    stripe.pay(session)
    other = cart_of()
    other.lines.create(variant=variant, seen_title="Bowl")
    answers = all_at_once(
        lambda: orders.expire(order=order, reason=""),
        lambda: payments.settle(session_id=session),
        lambda: buying.place(other, method, email="bob@example.com"),
        lambda: payments.settle(session_id=session),
    )
    assert not [answer for answer in answers if isinstance(answer, OperationalError)]
    assert pieces_add_up(variant, 1)
    order.refresh_from_db()
    assert (order.state, session_of(order).status) in {("paid", Status.PAID), ("cancelled", Status.RETURNED)}


def only_the_order(number: str) -> Order:
    """As `payments._locked`, but the cart is locked later, when the goods are."""
    return Order.objects.select_for_update().get(number=number)


@needs_row_locks
@pytest.mark.parametrize("has_guard", [True, False])
def test_a_late_payment_and_a_click_into_the_same_cart_wait_for_each_other_not_for_ever(
    order, cart, variant, stripe, monkeypatch, has_guard
):
    """The payment wants the goods and then the cart; a new line of the cart wants the cart and then the goods."""
    Variant.objects.update(stock=5)
    carts.remove(cart=cart, line_id=cart.lines.get().pk)
    session = given_up_but_paid(order, stripe)
    both = Barrier(2)
    monkeypatch.setattr(stock, "reserve", waits_after(both, stock.reserve))
    monkeypatch.setattr(carts, "_sellable", waits_before(both, carts._sellable))
    if not has_guard:
        monkeypatch.setattr(payments, "_locked", only_the_order)
    answers = all_at_once(
        lambda: payments.settle(session_id=session), lambda: carts.add(cart=cart, variant=variant).in_cart
    )
    assert sum(map(is_deadlock, answers)) == (0 if has_guard else 1)
    if has_guard:
        assert sorted(map(str, answers)) == ["1", "paid"]
        assert pieces_add_up(variant, 6)


def by_the_index(*, order: Order) -> Cart | None:
    """As `carts.lock_of`, in one query."""
    return Cart.objects.select_for_update().filter(checkout_key=order.checkout_key).first()


@needs_row_locks
@pytest.mark.parametrize(("lock", "deadlocks"), [(carts.lock_of, 0), (by_the_index, 1)])
def test_a_cart_is_found_before_it_is_locked(order, cart, lock, deadlocks):
    """A row found by its checkout key is locked in that key's index first; a new key takes the two the other way."""
    both = Barrier(2)

    @transaction.atomic
    def renew() -> None:
        mine = Cart.objects.select_for_update().get(pk=cart.pk)
        meet(both)
        time.sleep(0.5)
        carts.renew_key(cart=mine)

    @transaction.atomic
    def lock_it() -> None:
        meet(both)
        lock(order=order)

    assert sum(map(is_deadlock, all_at_once(renew, lock_it))) == deadlocks


# --- Everything ------------------------------------------------------------------------------------------------------


class Buyer:
    """Does what buyers, staff, Stripe and the clock do, by chance, to a cart of its own and goods of everybody."""

    def __init__(self, number: int, method: ShippingMethod, goods: list[Variant], stripe: Any, **fields: Any) -> None:
        self.random = random.Random(number)  # a test's dice
        self.method, self.goods, self.stripe = method, goods, stripe
        self.email = f"buyer{number % 3}@example.com"
        self.cart = Cart.objects.create(**fields)
        self.placed: list[Order] = []
        self.problems: list[BaseException] = []

    def act(self, times: int) -> None:
        steps = [self.fill, self.fill, self.place, self.place, self.pay, self.give_up, self.return_goods]
        for _step in range(times):
            step = self.random.choice(steps)
            try:
                step()
            except (ShopError, ValueError):  # sold out, not to be paid any more
                continue
            except Exception as error:
                self.problems.append(error)

    def fill(self) -> None:
        checkout.let_go(cart=self.cart)
        checkout.open_for(cart=self.cart)
        for variant in self.random.sample(self.goods, 2):
            carts.add(cart=self.cart, variant=variant)

    def place(self) -> None:
        self.cart.refresh_from_db()
        order = buying.place(self.cart, self.method, email=self.email)
        self.placed.append(order)
        payments.start(order=order)

    def pay(self) -> None:
        """Also for an order that was given up, whose page nobody has closed yet."""
        session = session_of(self.random.choice(self.placed or [None]) or self.nothing()).session_id
        self.stripe.pay(session or "")
        payments.settle(session_id=session or "")

    def give_up(self) -> None:
        order = Order.objects.get(pk=(self.random.choice(self.placed or [None]) or self.nothing()).pk)
        if self.random.random() < 0.5:
            orders.expire(order=order, reason="")
        else:
            orders.cancel(order=order, reason="", actor=None, give_back=True)

    def return_goods(self) -> None:
        order = Order.objects.get(pk=(self.random.choice(self.placed or [None]) or self.nothing()).pk)
        refund = orders.refund(order=order, lines={order.lines.first().pk: 1}, restock=True, reason="", actor=None)
        refunds.send(refund_id=refund.pk)

    def nothing(self) -> Order:
        raise ShopError("There is no order yet.")


def test_whatever_happens_at_once_adds_up_and_nobody_meets_a_deadlock(order, stripe, method):
    stripe.pay(session_of(order).session_id)
    payments.settle(session_id=session_of(order).session_id)  # the year's invoices have begun
    goods = [ProductFactory.create(stock=6).variants.get() for _variant in range(3)]
    coupon = CouponFactory.create(max_uses=6, max_uses_per_customer=3)
    buyers = [Buyer(number, method, goods, stripe, coupon=coupon) for number in range(6)]
    at_once(lambda number: buyers[number].act(10), times=len(buyers))
    assert [buyer.problems for buyer in buyers] == [[] for _buyer in buyers]
    for variant in goods:
        variant.refresh_from_db()
        lines = variant.order_lines.exclude(order__reservation=Reservation.RELEASED)
        kept = lines.aggregate(sum=Sum("quantity"))["sum"] or 0
        returned = variant.order_lines.aggregate(sum=Sum("refund_lines__quantity"))["sum"] or 0
        assert variant.stock + kept - returned == 6
    coupon.refresh_from_db()
    assert coupon.uses == Order.objects.filter(holds_coupon=True).count()
    for kind in Invoice.Kind.values:
        numbers = list(Invoice.objects.filter(kind=kind).order_by("sequence").values_list("sequence", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    paid = Order.objects.filter(paid_at__isnull=False)
    assert paid.count() == Invoice.objects.filter(kind=Invoice.Kind.INVOICE).count()
    assert paid.count() == StripeSession.objects.filter(status=Status.PAID).count()


def test_a_click_after_the_others_leads_to_the_same_page(stripe, cart, method, variant):
    data = form_data(cart, method)
    first, second = (browser_of(cart).post(CHECKOUT, data)["Location"] for _click in range(2))
    assert first == second == session_of(Order.objects.get()).url
