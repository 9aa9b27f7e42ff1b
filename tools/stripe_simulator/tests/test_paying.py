from __future__ import annotations

import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import stripe

from tools.stripe_simulator.configuration import API_VERSION, Configuration, ConfigurationError
from tools.stripe_simulator.testing import Simulator

from .conftest import Webhook, client_of, params

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def test_a_sale_from_session_to_refund(simulator: Simulator, client: stripe.StripeClient, webhook: Webhook):
    session = client.v1.checkout.sessions.create(params())
    assert (session.amount_total, session.status, session.payment_intent) == (2490, "open", None)
    assert simulator.pay(session.url) == f"https://shop.example.com/thanks/?session={session.id}"
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge", "line_items"]})
    assert (paid.status, paid.payment_status) == ("complete", "paid")
    assert paid.payment_intent.metadata["order"] == "HNM-1"
    assert paid.line_items.data[0].quantity == 2
    refund = client.v1.refunds.create({"payment_intent": paid.payment_intent.id, "amount": 490})
    assert (refund.amount, refund.status) == (490, "succeeded")
    simulator.deliver()
    assert webhook.types == [*PAID, "refund.created", "charge.refunded", "refund.updated"]
    listed = list(client.v1.events.list({"limit": 3}).auto_paging_iter())
    assert [event.id for event in listed] == [event.id for event in webhook.events[::-1]]
    assert {event.api_version for event in listed} == {API_VERSION}


def test_speaks_the_version_of_the_installed_sdk():
    assert stripe.api_version == API_VERSION


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("4000 0000 0000 0002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
    ],
)
def test_a_declined_card_stays_on_the_page_and_another_pays(
    simulator: Simulator, client: stripe.StripeClient, card: str, code: str, decline_code: str
):
    session = client.v1.checkout.sessions.create(params())
    assert simulator.pay(session.id, card) == ""
    attempted = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert attempted.status == "open"
    error = attempted.payment_intent.last_payment_error
    assert (error.code, error.decline_code) == (code, decline_code)
    assert simulator.pay(session.id)
    failed = [event["type"] for event in simulator.events()][:3]
    assert failed == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    assert len(client.v1.payment_intents.list().data) == 1


def test_authentication_is_asked_for_and_may_fail(simulator: Simulator, client: stripe.StripeClient):
    session = client.v1.checkout.sessions.create(params())
    assert simulator.pay(session.id, "4000002500003155").endswith("/authenticate")
    assert simulator.authenticate(session.id, succeeds=False) == ""
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    simulator.pay(session.id, "4000002500003155")
    assert simulator.authenticate(session.id).startswith("https://shop.example.com/thanks/")
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize(
    ("account", "status", "event"),
    [
        ("AT611904300234573201", "paid", "checkout.session.async_payment_succeeded"),
        ("AT861904300235473202", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_a_delayed_payment_ends_later(
    simulator: Simulator, client: stripe.StripeClient, account: str, status: str, event: str
):
    session = client.v1.checkout.sessions.create(params())
    assert simulator.pay(session.id, account)
    completed = client.v1.checkout.sessions.retrieve(session.id)
    assert (completed.status, completed.payment_status) == ("complete", "unpaid")
    simulator.advance(21)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == status
    assert len(simulator.events(event)) == 1
    simulator.settle(session.id)  # over already: nothing happens twice
    assert len(simulator.events(event)) == 1


def test_expires_by_itself_and_is_not_paid_then(simulator: Simulator, client: stripe.StripeClient):
    session = client.v1.checkout.sessions.create(params(expires_at=int(simulator.parts.clock.now()) + 1860))
    simulator.advance(1800)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    simulator.advance(61)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert simulator.pay(session.id) == ""
    assert [event["type"] for event in simulator.events()] == ["checkout.session.expired"]
    with pytest.raises(stripe.InvalidRequestError, match="expired"):
        client.v1.checkout.sessions.expire(session.id)


def test_a_second_click_pays_nothing_and_ends_where_the_first_does(simulator: Simulator, client: stripe.StripeClient):
    session = client.v1.checkout.sessions.create(params())
    first = simulator.pay(session.id)
    assert first
    assert simulator.pay(session.id) == first
    assert len(client.v1.charges.list().data) == 1


def test_the_page_shows_what_is_bought_and_runs_no_code(simulator: Simulator, client: stripe.StripeClient):
    name = "<script>alert(1)</script>"
    price = {"currency": "eur", "unit_amount": 1000, "product_data": {"name": name}}
    session = client.v1.checkout.sessions.create(params(line_items=[{"price_data": price, "quantity": 1}]))
    with urllib.request.urlopen(session.url) as answer:
        html, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "default-src 'none'" in policy
    for shown in (
        "Pay 14.90 EUR",
        "4242 4242 4242 4242",
        "Post",
        "no money moves",
        "https://shop.example.com/checkout/",
    ):
        assert shown in html


def test_a_restart_keeps_open_sessions(simulator: Simulator, client: stripe.StripeClient):
    session = client.v1.checkout.sessions.create(params())
    simulator.stop()
    simulator.start()
    assert simulator.pay(session.url)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_no_live_key_is_taken(simulator: Simulator, tmp_path: Path):
    with pytest.raises(ConfigurationError, match="live key"):
        Configuration(folder=tmp_path, api_key="sk_" + "live_1")
    with pytest.raises(stripe.AuthenticationError, match="live key"):
        client_of(simulator, key="sk_" + "live_1").v1.events.list()


def test_the_dashboard_lists_and_acts(simulator: Simulator, client: stripe.StripeClient):
    session = client.v1.checkout.sessions.create(params())
    simulator.pay(session.id)
    charge = client.v1.charges.list().data[0]
    assert simulator.post(f"/dashboard/charges/{charge.id}/refund", {}) == "/"
    assert client.v1.charges.retrieve(charge.id).refunded
    with urllib.request.urlopen(simulator.url + "/") as answer:
        html = answer.read().decode()
    assert session.id in html
    assert "checkout.session.completed" in html


def test_a_refused_card_is_no_fault_of_the_page(simulator: Simulator, client: stripe.StripeClient):
    """A browser reports a status of 400 and above as an error in its console."""
    session = client.v1.checkout.sessions.create(params())
    form = urllib.parse.urlencode({"method": "other", "number": "4000000000000002", "email": "a@example.com"})
    with urllib.request.urlopen(f"{simulator.url}/c/pay/{session.id}", data=form.encode()) as answer:
        assert answer.status == 200
        assert "Your card was declined." in answer.read().decode()
