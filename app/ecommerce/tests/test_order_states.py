"""The life of an order: what may follow what, what each step does, and that its history tells of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import transaction

from ecommerce.models import Invoice, Order, Variant
from ecommerce.services import orders, payments, stock
from ecommerce.services.errors import OutOfStockError, WrongOrderStateError
from ecommerce.tests.orders import a_paid_order, an_order, pay, pay_and_fail, variants
from tasks.models import Job

State = Order.State
pytestmark = pytest.mark.django_db


def stock_of(variant: Variant) -> int:
    return Variant.objects.values_list("stock", flat=True).get(pk=variant.pk)


def history(order: Order) -> list[tuple[str, str, str]]:
    return [(event.what, event.from_state, event.to_state) for event in order.events.all()]


def test_the_table_knows_every_state_and_leads_nowhere_else():
    assert set(orders.TRANSITIONS) == set(State.values)
    assert {state for states in orders.TRANSITIONS.values() for state in states} <= set(State.values)
    assert not orders.TRANSITIONS[State.REFUNDED]


def test_numbers_are_short_distinct_and_in_no_sequence(db):
    numbers = [orders.new_number() for _number in range(200)]
    assert len(set(numbers)) == 200
    assert all(len(number) == 9 and number[4] == "-" for number in numbers)
    assert not set("".join(numbers)) - set(orders.NUMBER_ALPHABET) - {"-"}
    assert any(first > second for first, second in pairwise(numbers))


def test_paying_keeps_the_pieces_and_issues_the_invoice():
    [variant] = variants(stock=5)
    order = a_paid_order(variant, quantities=(2,))
    assert (order.state, order.reservation) == (State.PAID, Order.Reservation.SOLD)
    assert order.paid_at is not None
    assert stock_of(variant) == 3
    assert order.invoices.get().total == order.total
    assert history(order) == [("paid", "pending", "paid")]
    assert sorted(Job.objects.values_list("kind", flat=True)) == [
        "ecommerce.order_mail",
        "ecommerce.render_invoice",
    ]


def test_paying_twice_changes_nothing():
    order = a_paid_order()
    with transaction.atomic():
        assert orders.mark_paid(order=Order.objects.select_for_update().get(pk=order.pk)) is False
    assert len(history(order)) == 1
    assert Invoice.objects.count() == 1
    assert Job.objects.filter(kind="ecommerce.order_mail").count() == 1


def test_money_that_comes_late_is_taken_while_the_pieces_are_there(closing):
    [variant] = variants(stock=1)
    order = an_order(variant)
    assert orders.expire(order=order, reason="Nobody paid.")
    assert stock_of(variant) == 1
    order = pay(order)
    assert (order.state, order.reservation, order.cancelled_at) == (State.PAID, Order.Reservation.SOLD, None)
    assert stock_of(variant) == 0


def test_money_that_comes_when_the_pieces_are_gone_changes_nothing(closing):
    [variant] = variants(stock=1)
    order = an_order(variant)
    orders.expire(order=order, reason="Nobody paid.")
    an_order(variant)
    with pytest.raises(OutOfStockError):
        pay(order)
    order.refresh_from_db()
    assert (order.state, order.reservation) == (State.CANCELLED, Order.Reservation.RELEASED)
    assert not order.invoices.exists()
    assert stock_of(variant) == 0


@pytest.fixture
def closing(monkeypatch):
    """What an order does to its open payment page, noted."""
    closed = []
    monkeypatch.setattr(payments, "expire", lambda *, order: closed.append(order.pk))
    return closed


def test_an_order_that_expires_gives_its_pieces_back_and_closes_its_payment_page(closing):
    [variant] = variants(stock=5)
    order = an_order(variant, quantities=(2,))
    assert orders.expire(order=order, reason="Not paid within 31 minutes.")
    assert not orders.expire(order=order, reason="Again."), "the second time changes nothing"
    order.refresh_from_db()
    assert (order.state, order.reservation) == (State.CANCELLED, Order.Reservation.RELEASED)
    assert stock_of(variant) == 5
    assert history(order) == [("expired", "pending", "cancelled")]
    assert order.events.get().message == "Not paid within 31 minutes."
    assert closing == [order.pk]
    assert Job.objects.filter(kind="ecommerce.order_mail", key__endswith="expired").count() == 1


def test_an_abandoned_order_is_given_up_without_a_mail(closing):
    order = an_order()
    assert orders.abandon(order=order)
    assert history(order) == [("abandoned", "pending", "cancelled")]
    assert not Job.objects.filter(kind="ecommerce.order_mail").exists()


def test_a_paid_order_neither_expires_nor_is_abandoned():
    order = a_paid_order()
    assert not orders.expire(order=order, reason="Late.")
    assert not orders.abandon(order=order)
    order.refresh_from_db()
    assert order.state == State.PAID


def test_shipping_and_completing_record_who_did_it(bob):
    order = a_paid_order()
    orders.ship(order=order, carrier="DHL", tracking_number="JD01", tracking_url="https://dhl.example/JD01", actor=bob)
    order.refresh_from_db()
    assert (order.state, order.carrier, order.tracking_number) == (State.SHIPPED, "DHL", "JD01")
    assert order.shipped_at is not None
    orders.complete(order=order, actor=None)
    order.refresh_from_db()
    assert order.state == State.COMPLETED
    assert history(order)[1:] == [("shipped", "paid", "shipped"), ("completed", "shipped", "completed")]
    assert [event.actor for event in order.events.all()] == [None, bob, None]


def in_state(state: str) -> Order:
    order = an_order()
    Order.objects.filter(pk=order.pk).update(state=state)
    return Order.objects.get(pk=order.pk)


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (state, verb)
        for verb, target in (("ship", State.SHIPPED), ("complete", State.COMPLETED), ("cancel", State.CANCELLED))
        for state in State.values
        if target not in orders.TRANSITIONS[state]
    ],
)
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(state, verb, bob):
    order = in_state(state)
    arguments = {"ship": {"carrier": "DHL"}, "complete": {}, "cancel": {"reason": "Test"}}[verb]
    with pytest.raises(WrongOrderStateError, match=order.number):
        getattr(orders, verb)(order=order, actor=bob, **arguments)
    order.refresh_from_db()
    assert order.state == state
    assert not order.events.exists()


@pytest.mark.parametrize("state", [State.SHIPPED, State.COMPLETED, State.REFUNDED])
def test_an_order_that_is_further_on_cannot_be_marked_as_paid(state):
    order = in_state(state)
    with transaction.atomic(), pytest.raises(WrongOrderStateError):
        orders.mark_paid(order=order)


def test_cancelling_an_unpaid_order_releases_what_it_held(bob, closing):
    [variant] = variants(stock=5)
    order = orders.cancel(order=an_order(variant), reason="Asked to", actor=bob)
    assert order.state == State.CANCELLED
    assert stock_of(variant) == 5
    assert closing == [order.pk]
    event = order.events.get()
    assert (event.what, event.actor, event.message) == ("cancelled", bob, "Asked to")


def test_a_free_order_is_cancelled_without_a_refund(bob):
    [variant] = variants(stock=5, price="0.00")
    order = a_paid_order(variant, shipping="0.00")
    order = orders.cancel(order=order, reason="Asked to", actor=bob)
    assert (order.state, stock_of(variant)) == (State.CANCELLED, 5)
    assert not order.refunds.exists()


def test_a_note_is_written_into_the_history(bob):
    order = an_order()
    orders.note(order=order, text="Called, wants it on Friday.", actor=bob)
    event = order.events.get()
    assert (event.what, event.actor, event.message) == ("note", bob, "Called, wants it on Friday.")


def test_attention_is_set_and_taken_away_once_each(bob):
    order = an_order()
    orders.set_attention(order=order, reason="The amount differs.")
    orders.set_attention(order=order, reason="The amount differs.")
    orders.set_attention(order=order, reason="", actor=bob)
    order.refresh_from_db()
    assert order.attention == ""
    assert [event.what for event in order.events.all()] == ["flagged", "looked at"]


def test_a_rolled_back_payment_leaves_everything_as_it_was():
    order = an_order()
    pay_and_fail(order)
    order.refresh_from_db()
    assert order.state == State.PENDING
    assert not Invoice.objects.exists()
    assert stock.release(order=order), "its pieces are still held"
