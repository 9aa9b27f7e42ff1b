"""Whatever happens to carts, orders and payments, in any order: pieces, money and numbers add up after each step.

And whatever Stripe's events about a purchase do (come in any order, often, never), the purchase ends in one state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ecommerce.models import Cart, Invoice, Order, OrderLine, Refund, StripeSession, Variant
from ecommerce.services import carts, checkout, orders, payments, reconciliation, stripe_events
from ecommerce.services.errors import ShopError
from ecommerce.tests import buying
from ecommerce.tests.buying import CouponFactory, ShippingMethodFactory, cart_of
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.test_payments import running, session_of, stripe
from tasks.models import Job
from tasks.services import jobs

__all__ = ["running", "stripe"]  # fixtures

pytestmark = pytest.mark.django_db
State, Reservation, Status = Order.State, Order.Reservation, StripeSession.Status
GOOD, DECLINED, SLOW = "4242424242424242", "4000000000000002", "AT611904300234573201"
which = st.integers(0, 7)  # one of those there are, counted round
PAYING = ("ecommerce.settle", "ecommerce.expire", "ecommerce.close", "ecommerce.send_refund", "ecommerce.stripe")


class Silent:
    """In the place of a job that reports its progress."""

    def progress(self, *_counts: int, message: str = "") -> None: ...


@contextmanager
def undone() -> Iterator[None]:
    """A test inside of a test: each example begins with empty tables."""
    block = transaction.atomic()
    block._from_testcase = True  # so that one which must be the outermost may begin within it
    with suppress(UndoError), block:
        yield
        raise UndoError


class UndoError(Exception):
    """Ends an example."""


def do_jobs() -> None:
    """Those of payments; papers and mails have tests of their own."""
    for _round in range(10):
        due = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=timezone.now())
        waiting = [job for job in due.order_by("pk") if job.kind.startswith(PAYING)]
        if not waiting:
            return
        for job in waiting:
            jobs.run(job_id=job.pk)
    raise AssertionError("The jobs ask for each other for ever.")


def take_in(stripe: Any, happened: dict[str, Any]) -> None:
    payload, signature = stripe.signed(happened)
    stripe_events.receive(payload=payload, signature=signature)


def reconcile() -> None:
    reconciliation.run(job=Silent())
    do_jobs()


# --- What always holds -----------------------------------------------------------------------------------------------


def assert_pieces_add_up(initial: dict[int, int]) -> None:
    for variant in Variant.objects.filter(pk__in=initial):
        lines = OrderLine.objects.filter(variant=variant)
        kept = lines.exclude(order__reservation=Reservation.RELEASED).aggregate(sum=Sum("quantity"))["sum"] or 0
        back = lines.aggregate(sum=Sum("restocked_quantity"))["sum"] or 0
        assert variant.stock + kept - back == initial[variant.pk]
    assert not OrderLine.objects.filter(restocked_quantity__gt=F("quantity")).exists()


def assert_coupons_add_up() -> None:
    for order in Order.objects.filter(coupon__isnull=False):
        holds = order.state != State.CANCELLED or order.is_paid
        assert order.holds_coupon == holds
        assert order.coupon.uses == order.coupon.orders.filter(holds_coupon=True).count()


def assert_money_adds_up(order: Order) -> None:
    paid = order.stripe_sessions.filter(status=Status.PAID)
    papers = {kind: [paper.total for paper in order.invoices.filter(kind=kind)] for kind in Invoice.Kind.values}
    if not order.is_paid:
        assert order.state in {State.PENDING, State.CANCELLED}
        assert not paid
        assert papers == {Invoice.Kind.INVOICE: [], Invoice.Kind.CREDIT_NOTE: []}
        assert order.refunded == 0
        return
    assert [row.amount for row in paid] == [order.total]
    assert order.reservation == Reservation.SOLD
    assert papers[Invoice.Kind.INVOICE] == [order.total]
    assert sum(papers[Invoice.Kind.CREDIT_NOTE]) == order.refunded <= order.total
    assert (order.state == State.REFUNDED) == (order.refunded == order.total)
    own = order.refunds.filter(payment_intent=paid[0].payment_intent)
    credited = own.filter(credit_note__isnull=False)
    assert (credited.aggregate(sum=Sum("amount"))["sum"] or 0) == order.refunded
    under_way = own.filter(credit_note=None).exclude(status=Refund.Status.FAILED)
    assert order.refunded + (under_way.aggregate(sum=Sum("amount"))["sum"] or 0) <= order.total
    for line in order.lines.all():
        back = line.refund_lines.filter(refund__in=credited).aggregate(sum=Sum("quantity"))["sum"] or 0
        assert line.refunded_quantity == back <= line.quantity


def assert_no_number_is_missing() -> None:
    for kind in Invoice.Kind.values:
        numbers = Invoice.objects.filter(kind=kind).order_by("sequence").values_list("sequence", flat=True)
        assert list(numbers) == list(range(1, len(numbers) + 1))


def money_at_stripe(stripe: Any, order: Order) -> Decimal:
    """What Stripe keeps of all that was paid for the order."""
    store, left = stripe.parts.store, 0
    for row in order.stripe_sessions.exclude(payment_intent=""):
        intent = store.find(row.payment_intent, "payment_intent")
        charge = store.find(intent["latest_charge"] or "", "charge")
        if charge and charge["status"] == "succeeded":
            left += charge["amount"] - charge["amount_refunded"]
    return Decimal(left) / 100


def assert_stripe_agrees(stripe: Any, order: Order) -> None:
    """Once all is said and done. A refund that has failed is money that a person must give back in another way."""
    ours = order.total - order.refunded if order.is_paid else Decimal(0)
    returned = order.stripe_sessions.filter(status=Status.RETURNED).values("payment_intent")
    failed = order.refunds.filter(status=Refund.Status.FAILED)
    surplus = failed.filter(payment_intent__in=returned).aggregate(sum=Sum("amount"))["sum"] or 0
    credited = failed.filter(credit_note__isnull=False).aggregate(sum=Sum("amount"))["sum"] or 0
    assert money_at_stripe(stripe, order) == ours + surplus + credited
    if failed:
        assert order.events.filter(what="flagged").exists()


# --- Any sequence of steps -------------------------------------------------------------------------------------------


class Shop(RuleBasedStateMachine):
    """Two carts, few pieces, one coupon with few uses; buyers, staff, Stripe and its events take turns."""

    stripe: Any

    def __init__(self) -> None:
        super().__init__()
        self.undone = undone()
        self.undone.__enter__()
        self.stripe.reset()

    def teardown(self) -> None:
        try:
            self.all_is_said_and_done()
        finally:
            self.undone.__exit__(None, None, None)

    @initialize(
        quantities=st.tuples(st.integers(1, 2), st.integers(1, 2)),
        cards=st.tuples(*[st.sampled_from([GOOD, GOOD, SLOW, None])] * 2),
        is_told=st.booleans(),
    )
    def open(self, quantities: tuple[int, int], cards: tuple[str | None, str | None], is_told: bool) -> None:
        """Two orders are placed, perhaps paid, and perhaps the shop knows."""
        self.method = ShippingMethodFactory.create()
        goods = [ProductFactory.create(price=price, stock=stock) for price, stock in [("3.33", 6), ("24.00", 3)]]
        self.goods = [product.variants.get() for product in goods]
        self.initial = {variant.pk: variant.stock for variant in self.goods}
        coupon = CouponFactory.create(max_uses=2)
        self.carts = [
            cart_of(*self.goods, quantity=quantities[0], coupon=coupon),
            cart_of(self.goods[0], quantity=quantities[1]),
        ]
        for number, card in enumerate(cards):
            self.check_out(number=number, variant=0, clicks=1)
            if card:
                self.stripe.pay(session_of(Order.objects.latest("pk")).session_id, card=card)
        if is_told:
            for happened in self.stripe.events():
                take_in(self.stripe, happened)
            do_jobs()

    # Buyers

    @rule(number=which, variant=which, quantity=st.integers(1, 3))
    def put_in(self, number: int, variant: int, quantity: int) -> None:
        cart = self.cart(number)
        checkout.let_go(cart=cart)
        checkout.open_for(cart=cart)
        with suppress(ShopError):
            carts.add(cart=cart, variant=self.goods[variant % 2], quantity=quantity)

    @rule(number=which)
    def take_out(self, number: int) -> None:
        cart = self.cart(number)
        checkout.let_go(cart=cart)
        for line in cart.lines.all()[:1]:
            carts.remove(cart=cart, line_id=line.pk)

    @rule(number=which, variant=which, clicks=st.integers(1, 2))
    def check_out(self, number: int, variant: int, clicks: int) -> None:
        cart = self.cart(number)
        checkout.open_for(cart=cart)
        placed = set()
        with suppress(ShopError):
            if not cart.lines.exists():
                carts.add(cart=cart, variant=self.goods[variant % 2])
            for _click in range(clicks):
                order = buying.place(cart, self.method, email=f"buyer{cart.pk}@example.com")
                placed.add(order.pk)
                payments.start(order=order)
        assert len(placed) <= 1

    @rule(number=which, card=st.sampled_from([GOOD, GOOD, DECLINED, SLOW]))
    def pay(self, number: int, card: str) -> None:
        """Also on a page of an order that was given up."""
        if session := self.session(number):
            self.stripe.pay(session, card=card)

    @rule(number=which)
    def come_back(self, number: int) -> None:
        if order := self.order(number):
            payments.check_soon(order=order)

    # Stripe

    @rule(number=which, succeeds=st.booleans())
    def end_slow_payment(self, number: int, succeeds: bool) -> None:
        if session := self.session(number):
            with suppress(ValueError):
                self.stripe.settle(session, succeeds=succeeds)

    @rule(number=which)
    def end_page(self, number: int) -> None:
        if session := self.session(number):
            with suppress(ValueError):
                self.stripe.control(f"sessions/{session}/expire")

    @rule(number=st.integers(0, 50), times=st.integers(1, 2))
    def tell(self, number: int, times: int) -> None:
        events = self.stripe.events()
        for _time in range(times if events else 0):
            take_in(self.stripe, events[-1 - number % len(events)])

    @rule(number=which, amount=st.integers(1, 900))
    def give_back_in_the_dashboard(self, number: int, amount: int) -> None:
        charges = list(self.stripe.parts.store.newest("charge"))
        if charges:
            with suppress(ValueError):
                self.stripe.refund(charges[number % len(charges)]["id"], amount=amount)

    @rule(number=which)
    def fail_refund(self, number: int) -> None:
        made = self.stripe.refunds()
        if made:
            with suppress(ValueError):
                self.stripe.fail_refund(made[number % len(made)]["id"])

    @rule(number=which)
    def dispute(self, number: int) -> None:
        charges = list(self.stripe.parts.store.newest("charge"))
        if charges:
            with suppress(ValueError):
                self.stripe.dispute(charges[number % len(charges)]["id"])

    # The shop's own machinery

    @rule()
    def work(self) -> None:
        do_jobs()

    @rule(number=which)
    def let_time_pass(self, number: int) -> None:
        if order := self.order(number):
            Order.objects.filter(pk=order.pk).update(reserved_until=timezone.now() - timedelta(minutes=1))
            payments.close_overdue(order_id=order.pk)

    @rule()
    def compare(self) -> None:
        reconcile()

    # Staff

    @rule(number=which)
    def cancel(self, number: int) -> None:
        if order := self.order(number):
            with suppress(ShopError):
                orders.cancel(order=order, reason="Sorry", actor=None, give_back=True)

    @rule(number=which, quantity=st.integers(1, 3), shipping=st.booleans(), restock=st.booleans())
    def refund(self, number: int, quantity: int, shipping: bool, restock: bool) -> None:
        if order := self.order(number):
            lines = {order.lines.first().pk: quantity}
            with suppress(ShopError):
                orders.refund(order=order, lines=lines, shipping=shipping, restock=restock, reason="", actor=None)

    @rule(number=which)
    def ship(self, number: int) -> None:
        if order := self.order(number):
            with suppress(ShopError):
                orders.ship(order=order, carrier="Post", actor=None)

    # What holds

    @invariant()
    def adds_up(self) -> None:
        if not hasattr(self, "initial"):
            return
        assert_pieces_add_up(self.initial)
        assert_coupons_add_up()
        assert_no_number_is_missing()
        for order in Order.objects.all():
            assert_money_adds_up(order)
        assert not Job.objects.exclude(error="").exists()

    def all_is_said_and_done(self) -> None:
        do_jobs()
        reconcile()
        reconcile()  # after what the jobs of the first one did
        self.adds_up()
        for order in Order.objects.all():
            event(order.state)
            event(f"refunds: {order.refunds.count()}")
            assert_stripe_agrees(self.stripe, order)

    def cart(self, number: int) -> Cart:
        cart = self.carts[number % len(self.carts)]
        cart.refresh_from_db()
        return cart

    def order(self, number: int) -> Order | None:
        found = list(Order.objects.order_by("-pk"))
        return found[number % len(found)] if found else None

    def session(self, number: int) -> str:
        order = self.order(number)
        rows = list(order.stripe_sessions.exclude(session_id=None)) if order else []
        return str(rows[number % len(rows)].session_id) if rows else ""


def test_pieces_money_and_numbers_add_up_after_every_step(stripe):
    class ThisShop(Shop):
        pass

    ThisShop.stripe = stripe
    run_state_machine_as_test(
        ThisShop,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


# --- Any order of events ---------------------------------------------------------------------------------------------


def state_of(order: Order) -> dict[str, Any]:
    """All that must be the same in the end. What the history says between is not, nor when it was."""
    order = Order.objects.get(pk=order.pk)
    order.refresh_from_db()
    said = {job.key.split("-", 2)[-1] for job in Job.objects.filter(kind="ecommerce.order_mail")}
    return {
        "order": (order.state, order.reservation, order.refunded, bool(order.attention)),
        "stock": list(Variant.objects.order_by("pk").values_list("stock", flat=True)),
        "sessions": sorted(order.stripe_sessions.values_list("status", "amount")),
        "papers": sorted(order.invoices.values_list("kind", "total")),
        "refunds": sorted(order.refunds.values_list("status", "amount")),
        "mails": sorted({mail.partition("-")[0] for mail in said}),
        "flags": sorted(order.events.filter(what="flagged").values_list("message").annotate(times=Count("pk"))),
    }


def an_order(stripe: Any) -> Order:
    variant = ProductFactory.create(stock=3).variants.get()
    order = buying.place(cart_of(variant, quantity=2), ShippingMethodFactory.create())
    payments.start(order=order)
    return order


def paid(stripe: Any, order: Order, card: str = GOOD) -> None:
    stripe.pay(session_of(order).session_id, card=card)


def given_back(stripe: Any, order: Order) -> None:
    stripe.refund(next(iter(stripe.parts.store.newest("charge")))["id"], amount=500)


def disputed(stripe: Any, order: Order) -> None:
    stripe.dispute(next(iter(stripe.parts.store.newest("charge")))["id"])


STORIES: dict[str, list[Any]] = {
    "paid": [paid],
    "paid slowly": [lambda s, o: paid(s, o, SLOW), lambda s, o: s.settle(session_of(o).session_id, succeeds=True)],
    "refused in the end": [
        lambda s, o: paid(s, o, SLOW),
        lambda s, o: s.settle(session_of(o).session_id, succeeds=False),
    ],
    "declined and then expired": [
        lambda s, o: paid(s, o, DECLINED),
        lambda s, o: s.control(f"sessions/{session_of(o).session_id}/expire"),
    ],
    "paid, given back in part twice": [paid, given_back, given_back],
    "paid, given back and disputed": [paid, given_back, disputed],
    "paid, disputed and won": [
        paid,
        disputed,
        lambda s, o: s.close_dispute(next(iter(s.parts.store.newest("dispute")))["id"], is_won=True),
    ],
    "given up and then paid": [lambda s, o: orders.abandon(order=o) and Job.objects.all().delete(), paid],
    "given up, sold and then paid": [
        lambda s, o: orders.abandon(order=o) and Job.objects.all().delete(),
        lambda s, o: Variant.objects.update(stock=1),
        paid,
    ],
}


def ending(stripe: Any, story: list[Any], tell: Any) -> dict[str, Any]:
    """The state after the story, told by calling ``tell`` with the events since the one before."""
    with undone_with_result() as result:
        stripe.reset()
        order = an_order(stripe)
        for step in story[:-1]:
            step(stripe, order)
        story[-1](stripe, order)
        tell(stripe.events())
        reconcile()
        result.append(state_of(order))
        again = state_of(order)
        reconcile()
        assert state_of(order) == again, "once compared with Stripe, there is nothing left to do"
    return result[0]


@contextmanager
def undone_with_result() -> Iterator[list[dict[str, Any]]]:
    result: list[dict[str, Any]] = []
    with undone():
        yield result


def told_in_order(stripe: Any, events: list[dict[str, Any]]) -> None:
    for happened in events:
        take_in(stripe, happened)
        do_jobs()


@pytest.mark.parametrize("story", STORIES)
def test_every_order_repetition_and_loss_of_events_ends_in_the_same_state(stripe, story):
    expected = ending(stripe, STORIES[story], lambda events: told_in_order(stripe, events))

    @settings(max_examples=4, deadline=None)
    @given(data=st.data())
    def told_differently(data: st.DataObject) -> None:
        def tell(events: list[dict[str, Any]]) -> None:
            numbers = data.draw(st.lists(st.integers(0, len(events) - 1), max_size=2 * len(events)), label="events")
            works = data.draw(st.sets(st.integers(0, max(0, len(numbers)))), label="jobs are done after")
            for position, number in enumerate(numbers):
                take_in(stripe, events[number])
                if position in works:
                    do_jobs()
            do_jobs()

        assert ending(stripe, STORIES[story], tell) == expected

    told_differently()
