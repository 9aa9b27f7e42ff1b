"""Paying, against the Stripe of this repository (tools.stripe_simulator) through the real library."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tools.stripe_simulator.testing import Simulator
from tools.stripe_simulator.webhooks import signature

from ecommerce.models import Order, Refund, StripeEvent, StripeSession
from ecommerce.services import orders, payments, reconciliation, refunds, stock, stripe_client
from ecommerce.services.errors import PaymentBusyError, PaymentUnavailableError, WrongOrderStateError
from ecommerce.tests.orders import an_order, variants
from tasks.models import Job
from tasks.services import jobs

WEBHOOK = reverse("stripe_webhook")
pytestmark = pytest.mark.django_db
State, Status = Order.State, StripeSession.Status
SLOW = "AT611904300234573201"


class Stripe(Simulator):
    """What these tests ask of it and do to it."""

    def session(self, order):
        return self.parts.store.find(session_of(order).session_id, "checkout.session")

    def signed(self, event):
        payload = json.dumps(event).encode()
        return payload, signature(payload, self.webhook_secret)

    def refunds(self):
        return list(self.parts.store.newest("refund"))

    def charge(self, order):
        intent = self.parts.store.find(session_of(order).payment_intent, "payment_intent")
        return intent["latest_charge"]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with Stripe(tmp_path_factory.mktemp("stripe"), seconds_until_delayed=3600) as simulator:
        yield simulator


@pytest.fixture
def stripe(running, settings):
    running.reset()
    settings.STRIPE_API_KEY, settings.STRIPE_API_BASE = running.api_key, running.url
    settings.STRIPE_WEBHOOK_SECRET = running.webhook_secret
    return running


@pytest.fixture
def order(stripe):
    """One that waits for payment, its payment page open."""
    waiting = an_order()
    payments.prepare(order=waiting)
    payments.start(order=waiting)
    return waiting


@pytest.fixture
def deliver(stripe, client):
    """Hand over the events that Stripe has made so far, as its webhooks do, and do the jobs that follow."""

    def hand_over(*, kinds=None, times=1, backwards=False):
        events = [event for event in stripe.events() if kinds is None or event["type"] in kinds]
        for event in reversed(events) if backwards else events:
            for _time in range(times):
                payload, signature = stripe.signed(event)
                answer = client.post(
                    WEBHOOK, payload, content_type="application/json", headers={"Stripe-Signature": signature}
                )
                assert answer.status_code == 200
        jobs.run_due()
        assert not Job.objects.exclude(error="").exists()

    return hand_over


def session_of(order):
    return order.stripe_sessions.latest("pk")


def state_of(order):
    order.refresh_from_db()
    return order.state


def pay(stripe, order, card="4242424242424242"):
    return stripe.pay(session_of(order).session_id, card=card)


def test_the_payment_page_asks_for_exactly_the_total(order, stripe):
    session = session_of(order)
    assert (session.status, session.amount) == (Status.OPEN, order.total)
    found = stripe.session(order)
    assert found["amount_total"] == int(order.total * 100)
    assert found["client_reference_id"] == order.number


@pytest.mark.parametrize("include_tax", [True, False])
def test_discounts_and_taxes_are_asked_for_to_the_cent(stripe, include_tax):
    order = an_order(*variants(3, price="3.33"), quantities=(1, 2, 3), include_tax=include_tax)
    line = order.lines.first()
    line.total -= 1
    line.save()
    Order.objects.filter(pk=order.pk).update(total=order.total - 1, discount=1)
    order.refresh_from_db()
    payments.prepare(order=order)
    payments.start(order=order)
    assert stripe.session(order)["amount_total"] == int(order.total * 100)


def test_a_paid_order_is_paid_once_however_often_and_in_whatever_order_events_come(order, stripe, deliver):
    pay(stripe, order)
    deliver(times=3, backwards=True)
    assert state_of(order) == State.PAID
    assert order.reservation == Order.Reservation.SOLD
    assert order.invoices.count() == 1
    assert list(order.events.values_list("to_state", flat=True)).count(State.PAID) == 1
    deliver(times=2)
    assert order.invoices.count() == 1
    assert session_of(order).status == Status.PAID


def test_an_event_is_stored_and_acted_on_once(order, stripe, deliver):
    pay(stripe, order)
    deliver(kinds={"checkout.session.completed"}, times=5)
    assert StripeEvent.objects.count() == 1
    assert Job.objects.filter(kind="ecommerce.stripe_event").count() == 1


def test_unknown_events_are_stored_and_ignored(order, stripe, deliver):
    deliver()
    assert set(StripeEvent.objects.exclude(type__startswith="checkout").values_list("outcome", flat=True)) <= {
        "ignored"
    }
    assert state_of(order) == State.PENDING


def test_a_declined_card_pays_nothing_and_a_good_one_after_it_does(order, stripe, deliver):
    pay(stripe, order, card="4000000000000002")
    deliver()
    assert state_of(order) == State.PENDING
    pay(stripe, order)
    deliver()
    assert state_of(order) == State.PAID


def test_without_any_event_the_buyer_s_return_is_enough(order, stripe):
    pay(stripe, order)
    payments.check_soon(order=order)
    payments.check_soon(order=order)
    jobs.run_due()
    assert state_of(order) == State.PAID


def test_payments_of_another_account_keep_none_of_this_one_from_being_compared(order, stripe):
    pay(stripe, order)
    elsewhere = an_order()
    StripeSession.objects.create(
        order=elsewhere, session_id="cs_test_of_another_account", payment_intent="pi_of_another_account", amount=1,
        currency="EUR", status=Status.PROCESSING, expires_at=timezone.now(),
    )  # fmt: skip
    reconciliation.ask()
    jobs.run_due()
    result = Job.objects.get(kind="ecommerce.reconcile").result
    assert (result["settled"], result["unknown to Stripe"]) == (1, 1)
    assert state_of(order) == State.PAID


def test_without_any_event_and_any_return_the_reconciliation_is_enough(order, stripe):
    pay(stripe, order)
    reconciliation.ask()
    reconciliation.ask()
    jobs.run_due()
    assert state_of(order) == State.PAID
    assert Job.objects.get(kind="ecommerce.reconcile").result["settled"] == 1


@pytest.fixture
def busy(stripe, monkeypatch):
    """An order whose payment page Stripe is making for another click."""

    def conflict(**given):
        raise PaymentBusyError("Stripe is at work on it.")

    monkeypatch.setattr(stripe_client, "create_session", conflict)
    order = an_order()
    payments.prepare(order=order)
    return order


def test_a_second_click_waits_for_the_answer_to_the_first(busy, monkeypatch):
    page = "https://pay.example.com/1"
    monkeypatch.setattr(payments.time, "sleep", lambda seconds: busy.stripe_sessions.update(url=page))
    assert payments.start(order=busy) == page


def test_a_second_click_does_not_wait_for_ever(busy, monkeypatch):
    monkeypatch.setattr(payments, "BUSY_SECONDS", 0.3)
    with pytest.raises(PaymentUnavailableError, match="try again"):
        payments.start(order=busy)


def test_starting_again_leads_to_the_same_page(order):
    assert payments.start(order=order) == payments.start(order=order)
    assert order.stripe_sessions.count() == 1


def test_while_stripe_is_down_the_order_is_kept_and_can_be_paid_later(stripe):
    order = an_order()
    payments.prepare(order=order)
    stripe.faults(errors=2)
    with pytest.raises(PaymentUnavailableError, match="try again"):
        payments.start(order=order)
    assert state_of(order) == State.PENDING
    assert payments.start(order=order).startswith("http")
    assert order.stripe_sessions.count() == 1


def test_an_order_that_does_not_wait_cannot_be_paid(order, stripe, deliver):
    pay(stripe, order)
    deliver()
    with pytest.raises(WrongOrderStateError):
        payments.start(order=order)


def test_an_expired_page_gives_the_pieces_back(order, stripe, deliver):
    variant = order.lines.get().variant
    held = variant.stock
    stripe.advance(3600)
    deliver()
    assert state_of(order) == State.CANCELLED
    variant.refresh_from_db()
    assert variant.stock == held + 2


def overdue(order):
    Order.objects.filter(pk=order.pk).update(reserved_until=timezone.now() - timedelta(minutes=1))


def test_an_overdue_order_is_given_up_and_its_page_closed(order, stripe):
    overdue(order)
    assert payments.find_overdue() == 1
    assert payments.find_overdue() == 1
    jobs.run_due()
    assert state_of(order) == State.CANCELLED
    assert stripe.session(order)["status"] == "expired"
    assert Job.objects.filter(kind="ecommerce.close_overdue").count() == 1


def test_an_overdue_order_that_was_paid_is_paid(order, stripe):
    pay(stripe, order)
    overdue(order)
    payments.find_overdue()
    jobs.run_due()
    assert state_of(order) == State.PAID


def a_lost_order(order):
    """Given up here, while its page is still open there."""
    orders.abandon(order=order)
    Job.objects.all().delete()


def test_a_late_payment_is_honoured_while_the_goods_are_there(order, stripe, deliver):
    a_lost_order(order)
    pay(stripe, order)
    deliver()
    assert state_of(order) == State.PAID
    assert order.reservation == Order.Reservation.SOLD


def test_a_late_payment_goes_back_where_the_goods_are_gone(order, stripe, deliver, outbox):
    a_lost_order(order)
    variant = order.lines.get().variant
    variant.stock = 1
    variant.save()
    pay(stripe, order)
    deliver()
    assert state_of(order) == State.CANCELLED
    refund = order.refunds.get()
    assert (refund.status, refund.amount) == (Refund.Status.SUCCEEDED, order.total)
    assert not order.invoices.exists()
    variant.refresh_from_db()
    assert variant.stock == 1
    assert len([mail for mail in outbox() if mail["To"] == order.email]) == 1


def test_of_a_late_payment_goes_back_what_the_dashboard_has_left(order, stripe, deliver):
    a_lost_order(order)
    variant = order.lines.get().variant
    variant.stock = 1
    variant.save()
    pay(stripe, order)
    charge = next(iter(stripe.parts.store.newest("charge")))
    stripe.refund(charge["id"], amount=100)
    deliver()
    assert sorted(order.refunds.values_list("status", "amount")) == [
        (Refund.Status.SUCCEEDED, 1),
        (Refund.Status.SUCCEEDED, order.total - 1),
    ]
    assert stripe.parts.store.find(charge["id"], "charge")["refunded"]


def test_paid_in_two_tabs_the_second_payment_goes_back(order, stripe, deliver):
    first = session_of(order)
    StripeSession.objects.filter(pk=first.pk).update(status=Status.EXPIRED)  # as if its page had been thought closed
    payments.start(order=order)
    second = session_of(order)
    assert second.session_id != first.session_id
    stripe.pay(first.session_id)
    stripe.pay(second.session_id)
    deliver()
    assert state_of(order) == State.PAID
    assert order.refunds.get().amount == order.total
    assert order.refunded == 0, "what the order took it keeps"
    assert set(order.stripe_sessions.values_list("status", flat=True)) == {Status.PAID, Status.RETURNED}


def test_another_amount_is_never_applied(order, stripe, deliver):
    StripeSession.objects.update(amount=order.total - 1)
    pay(stripe, order)
    deliver()
    assert state_of(order) == State.PENDING
    assert "another amount" in order.attention


def test_a_payment_for_no_order_of_ours_changes_nothing(order, stripe, deliver):
    pay(stripe, order)
    Order.objects.filter(pk=order.pk).update(number="OTHER")
    deliver()
    assert state_of(order) == State.PENDING
    assert StripeEvent.objects.get(type="checkout.session.completed").outcome == "no such order"


@pytest.fixture
def paid(order, stripe, deliver):
    pay(stripe, order)
    deliver()
    order.refresh_from_db()
    return order


def give_back(order, quantity=1):
    refund = orders.refund(order=order, lines={order.lines.get().pk: quantity}, reason="Scratched", actor=None)
    jobs.run_due()
    refund.refresh_from_db()
    order.refresh_from_db()
    return refund


def test_a_refund_is_sent_once_and_counted_once(paid, stripe, deliver):
    refund = give_back(paid)
    refunds.send(refund_id=refund.pk)
    deliver(times=2)
    paid.refresh_from_db()
    assert refund.status == Refund.Status.SUCCEEDED
    assert paid.refunded == refund.amount
    assert paid.invoices.count() == 2
    assert len(stripe.refunds()) == 1


def killed(**arguments):
    raise KeyboardInterrupt


def test_a_worker_killed_between_stripe_and_our_row_refunds_once(paid, stripe, monkeypatch):
    refund = orders.refund(order=paid, lines={paid.lines.get().pk: 1}, reason="", actor=None)
    with monkeypatch.context() as broken:
        broken.setattr(refunds, "apply", killed)
        with pytest.raises(KeyboardInterrupt):
            refunds.send(refund_id=refund.pk)
    refunds.send(refund_id=refund.pk)
    assert len(stripe.refunds()) == 1
    paid.refresh_from_db()
    assert paid.refunded == refund.amount


def test_a_refund_made_in_stripe_s_dashboard_is_found_and_flagged(paid, stripe, deliver):
    stripe.refund(stripe.charge(paid), amount=500)
    deliver(kinds={"charge.refunded", "refund.created"}, times=2)
    paid.refresh_from_db()
    assert paid.refunded == 5
    assert paid.attention
    assert paid.refunds.count() == 1


def test_a_dispute_asks_for_a_person_once_also_by_mail(paid, stripe, deliver, outbox, settings):
    stripe.dispute(stripe.charge(paid))
    deliver(times=2)
    paid.refresh_from_db()
    assert "disputed" in paid.attention
    [mail] = [mail for mail in outbox() if mail["To"] == settings.SUPPORT_EMAIL]
    assert mail["Subject"] == f"Order {paid.number} needs attention"
    assert paid.attention in mail.get_body(("plain",)).get_content()
    assert f"/admin/ecommerce/order/{paid.pk}/change/" in mail.get_body(("html",)).get_content()


def test_a_slow_payment_keeps_the_pieces_until_it_is_known(order, stripe, deliver):
    stripe.pay(session_of(order).session_id, card=SLOW)
    deliver()
    assert state_of(order) == State.PENDING
    assert session_of(order).status == Status.PROCESSING
    assert order.reserved_until > timezone.now() + timedelta(days=7)
    stripe.settle(session_of(order).session_id, succeeds=True)
    deliver()
    assert state_of(order) == State.PAID


def test_a_slow_payment_that_fails_can_be_paid_in_another_way(order, stripe, deliver):
    stripe.pay(session_of(order).session_id, card=SLOW)
    deliver()
    stripe.settle(session_of(order).session_id, succeeds=False)
    deliver(times=2)
    assert state_of(order) == State.PENDING
    assert order.events.filter(what="payment failed").count() == 1
    payments.start(order=order)
    pay(stripe, order)
    deliver()
    assert state_of(order) == State.PAID


def test_stock_adds_up_after_all_of_it(order, stripe, deliver):
    variant = order.lines.get().variant
    pay(stripe, order)
    deliver(times=2, backwards=True)
    stock.release(order=Order.objects.get(pk=order.pk))
    variant.refresh_from_db()
    assert variant.stock == 8
