"""Refunds that fail, at once or in the end, and are asked for again; answers of Stripe's that come late."""

from __future__ import annotations

import pytest

from ecommerce.models import Invoice, Refund, StripeSession
from ecommerce.services import orders, payments, reconciliation, refund_amounts, refunds, stripe_client
from ecommerce.tests.buying import ShippingMethodFactory, cart_of, place
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.test_payments import SLOW, running, session_of, stripe
from tasks.services import jobs

__all__ = ["running", "stripe"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant():
    return ProductFactory.create(stock=10).variants.get()


@pytest.fixture
def order(stripe, variant):
    placed = place(cart_of(variant, quantity=3), ShippingMethodFactory.create())
    payments.start(order=placed)
    return placed


@pytest.fixture
def paid(order, stripe):
    stripe.pay(session_of(order).session_id)
    jobs.run_due()
    payments.settle(session_id=session_of(order).session_id)
    order.refresh_from_db()
    return order


def ask(order, quantity=1):
    return orders.refund(
        order=order, lines={order.lines.get().pk: quantity}, restock=True, reason="Scratched", actor=None
    )


def stock_of(variant):
    variant.refresh_from_db()
    return variant.stock


def test_pieces_of_a_refund_that_fails_are_put_on_sale_once(paid, variant):
    refunds._refused(ask(paid), "The charge is disputed.")
    assert stock_of(variant) == 8
    ask(paid)
    assert stock_of(variant) == 8
    ask(paid, quantity=2)
    assert stock_of(variant) == 10


def test_a_refund_that_fails_after_its_credit_note_is_not_asked_for_twice(paid, stripe, variant):
    refund = ask(paid)
    refunds.send(refund_id=refund.pk)
    refund.refresh_from_db()
    stripe.fail_refund(refund.refund_id)
    refunds.look(payment_intent=refund.payment_intent)
    refund.refresh_from_db()
    paid.refresh_from_db()
    assert refund.status == Refund.Status.FAILED
    assert "has failed" in paid.attention
    assert refund_amounts.quantities_left(order=paid) == {paid.lines.get().pk: 2}
    refunds.send(refund_id=ask(paid, quantity=2).pk)
    paid.refresh_from_db()
    assert paid.lines.get().refunded_quantity == 3
    assert paid.invoices.filter(kind=Invoice.Kind.CREDIT_NOTE).count() == 2
    assert stock_of(variant) == 10


def test_an_answer_older_than_the_one_acted_on_changes_nothing(order, stripe, monkeypatch):
    session = session_of(order).session_id
    stripe.pay(session, card=SLOW)
    waiting = stripe_client.retrieve_session(session)
    stripe.settle(session, succeeds=False)
    assert payments.settle(session_id=session) == "failed"
    order.refresh_from_db()
    until = order.reserved_until
    monkeypatch.setattr(stripe_client, "retrieve_session", lambda _session: waiting)
    assert payments.settle(session_id=session) == "known already"
    order.refresh_from_db()
    assert order.reserved_until == until
    assert session_of(order).status == StripeSession.Status.FAILED


class Silent:
    def progress(self, *counts, message=""): ...


def test_the_reconciliation_finds_slow_payments_that_failed_and_disputes(order, paid, stripe, variant):
    another = place(cart_of(variant), ShippingMethodFactory.create(), email="bob@example.com")
    payments.start(order=another)
    session = session_of(another).session_id
    stripe.pay(session, card=SLOW)
    assert payments.settle(session_id=session) == "on its way"
    stripe.settle(session, succeeds=False)
    stripe.dispute(stripe.charge(paid))
    for _time in range(2):
        reconciliation.run(job=Silent())
    assert session_of(another).status == StripeSession.Status.FAILED
    assert paid.events.filter(what="flagged").count() == 1
    orders.set_attention(order=paid, reason="")
    reconciliation.run(job=Silent())
    paid.refresh_from_db()
    assert not paid.attention, "a person has looked"
