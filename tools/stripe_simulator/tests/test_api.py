from __future__ import annotations

import threading
import time

import pytest
import stripe

from tools.stripe_simulator.testing import Simulator

from .conftest import Webhook, client_of, params


def _intent(simulator: Simulator, client: stripe.StripeClient) -> str:
    session = client.v1.checkout.sessions.create(params())
    simulator.pay(session.id)
    return client.v1.checkout.sessions.retrieve(session.id).payment_intent


# --- Errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"nonsense": 1}, "nonsense", "parameter_unknown"),
        ({"success_url": "nowhere"}, "success_url", "url_invalid"),
        ({"expires_at": 1}, "expires_at", None),
        ({"customer_email": "alice"}, "customer_email", "email_invalid"),
        ({"customer": "cus_1"}, "customer", None),
        ({"allow_promotion_codes": True}, "allow_promotion_codes", None),
        ({"line_items": [{"quantity": 1}]}, "line_items[0][price_data]", "parameter_missing"),
        ({"discounts": [{"coupon": "none"}]}, "discounts[0][coupon]", "resource_missing"),
    ],
)
def test_a_wrong_parameter_is_named(client: stripe.StripeClient, change: dict, param: str, code: str | None):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(params(**change))
    assert (caught.value.param, caught.value.code, caught.value.http_status) == (param, code, 400)
    assert caught.value.request_id.startswith("req_")
    assert client.v1.checkout.sessions.list().data == []


def test_what_is_missing_is_named(client: stripe.StripeClient):
    wanted = params()
    del wanted["success_url"]
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: success_url") as caught:
        client.v1.checkout.sessions.create(wanted)
    assert caught.value.error.doc_url == "https://stripe.com/docs/error-codes/parameter-missing"


def test_a_total_below_the_least_is_refused(client: stripe.StripeClient):
    price = {"currency": "eur", "unit_amount": 49, "product_data": {"name": "Bead"}}
    wanted = params(line_items=[{"price_data": price, "quantity": 1}], shipping_options=[])
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(wanted)
    assert caught.value.code == "amount_too_small"


def test_an_unknown_object_is_404(client: stripe.StripeClient):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.retrieve("cs_test_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


@pytest.mark.parametrize("key", ["sk_test_other", "nonsense"])
def test_another_key_is_401(simulator: Simulator, key: str):
    with pytest.raises(stripe.AuthenticationError):
        client_of(simulator, key=key).v1.events.list()


# --- Refunds ---------------------------------------------------------------------------------------------------------


def test_no_more_is_refunded_than_is_left(simulator: Simulator, client: stripe.StripeClient):
    intent = _intent(simulator, client)
    client.v1.refunds.create({"payment_intent": intent, "amount": 2000})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        client.v1.refunds.create({"payment_intent": intent, "amount": 491})
    client.v1.refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent})
    assert caught.value.code == "charge_already_refunded"
    assert [refund.amount for refund in client.v1.refunds.list({"payment_intent": intent}).data] == [490, 2000]


def test_a_refund_may_fail_later(simulator: Simulator, client: stripe.StripeClient):
    refund = client.v1.refunds.create({"payment_intent": _intent(simulator, client)})
    simulator.fail_refund(refund.id)
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    assert client.v1.charges.retrieve(refund.charge).amount_refunded == 0
    assert simulator.events("refund.failed")


def test_a_dispute_opens_and_closes(simulator: Simulator, client: stripe.StripeClient):
    intent = _intent(simulator, client)
    charge = client.v1.charges.list({"payment_intent": intent}).data[0]
    simulator.dispute(charge.id)
    dispute = client.v1.disputes.list({"payment_intent": intent}).data[0]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": charge.id})
    assert caught.value.code == "charge_disputed"
    simulator.close_dispute(dispute.id, is_won=False)
    assert [event["type"] for event in simulator.events()][-1] == "charge.dispute.closed"
    assert client.v1.disputes.retrieve(dispute.id).status == "lost"


def test_a_coupon_is_taken_off(client: stripe.StripeClient):
    coupon = client.v1.coupons.create({"amount_off": 300, "currency": "eur", "duration": "once"})
    session = client.v1.checkout.sessions.create(params(discounts=[{"coupon": coupon.id}]))
    assert (session.amount_total, session.total_details.amount_discount) == (2190, 300)


# --- Idempotency keys ------------------------------------------------------------------------------------------------


def test_the_same_key_and_body_is_done_once(simulator: Simulator, client: stripe.StripeClient):
    first = client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"})
    again = client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"})
    assert again.id == first.id
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.last_response.headers
    assert len(client.v1.checkout.sessions.list().data) == 1
    simulator.advance(24 * 3600 + 1)
    assert client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"}).id != first.id


def test_a_key_is_for_one_request(client: stripe.StripeClient):
    client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"})
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        client.v1.checkout.sessions.create(params(client_reference_id="other"), {"idempotency_key": "a"})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.coupons.create({"percent_off": 5}, {"idempotency_key": "a"})


def test_a_refusal_of_parameters_does_not_use_the_key_up(client: stripe.StripeClient):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(params(nonsense=1), {"idempotency_key": "a"})
    assert client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"}).id


def test_two_at_once_with_one_key_is_a_conflict(simulator: Simulator, client: stripe.StripeClient):
    simulator.faults(latency=1, latency_seconds=0.5)
    first = threading.Thread(
        target=client.v1.checkout.sessions.create, args=(params(), {"idempotency_key": "a"}), daemon=True
    )
    first.start()
    deadline = time.monotonic() + 5
    while simulator.parts.faults.left("latency") and time.monotonic() < deadline:
        time.sleep(0.005)
    with pytest.raises(stripe.StripeError, match="in-progress request") as caught:
        client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"})
    assert (caught.value.http_status, caught.value.error.code) == (409, "idempotency_key_in_use")
    first.join()
    assert len(client.v1.checkout.sessions.list().data) == 1


# --- Lists -----------------------------------------------------------------------------------------------------------


def test_lists_have_pages_and_filters(simulator: Simulator, client: stripe.StripeClient):
    ids = [client.v1.checkout.sessions.create(params()).id for _ in range(5)][::-1]
    first = client.v1.checkout.sessions.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == (ids[:2], True)
    rest = client.v1.checkout.sessions.list({"limit": 3, "starting_after": ids[1]})
    assert ([one.id for one in rest.data], rest.has_more) == (ids[2:], False)
    back = client.v1.checkout.sessions.list({"limit": 2, "ending_before": ids[3]})
    assert [one.id for one in back.data] == ids[1:3]
    simulator.pay(ids[0])
    assert [one.id for one in client.v1.checkout.sessions.list({"status": "complete"}).data] == [ids[0]]
    assert len(client.v1.events.list({"types": ["charge.succeeded", "charge.failed"]}).data) == 1
    assert client.v1.events.list({"created": {"gt": int(time.time()) + 100}}).data == []
    assert client.v1.events.list({"type": "charge.*"}).data[0].data.object.object == "charge"


# --- Webhooks and faults ---------------------------------------------------------------------------------------------


def test_a_webhook_is_tried_again_until_it_answers(simulator: Simulator, client: stripe.StripeClient, webhook: Webhook):
    webhook.statuses = [500, 302]
    session = client.v1.checkout.sessions.create(params())
    client.v1.checkout.sessions.expire(session.id)
    deadline = time.monotonic() + 5
    while len(webhook.events) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    simulator.deliver()
    assert webhook.types == ["checkout.session.expired"] * 3
    assert len({event.id for event in webhook.events}) == 1
    delivery = simulator.deliveries()[0]
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 3)


def test_a_signature_of_another_payload_or_secret_is_none(
    simulator: Simulator, client: stripe.StripeClient, webhook: Webhook
):
    client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(params()).id)
    simulator.deliver()
    payload, signature = webhook.payloads[0]
    for changed, secret in ((payload + b" ", "whsec_simulator"), (payload, "whsec_other")):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(changed, signature, secret)


def test_events_are_lost_repeated_and_reordered(simulator: Simulator, client: stripe.StripeClient, webhook: Webhook):
    def expired() -> str:
        session = client.v1.checkout.sessions.create(params())
        client.v1.checkout.sessions.expire(session.id)
        return session.id

    simulator.faults(lose_events=1)
    lost = expired()
    simulator.faults(repeat_events=1, repeats=2)
    repeated = expired()
    simulator.faults(reorder_events=2)
    first, second = expired(), expired()
    simulator.deliver()
    assert [event.data.object.id for event in webhook.events] == [*[repeated] * 3, second, first]
    assert lost in [event["data"]["object"]["id"] for event in simulator.events()]


def test_errors_do_nothing_and_lost_answers_do_it(simulator: Simulator, client: stripe.StripeClient):
    simulator.faults(errors=1)
    with pytest.raises(stripe.APIError):
        client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"})
    assert client.v1.checkout.sessions.list().data == []
    simulator.faults(lost_answers=1)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"})
    again = client.v1.checkout.sessions.create(params(), {"idempotency_key": "a"})
    assert [one.id for one in client.v1.checkout.sessions.list().data] == [again.id]


def test_time_outs_cut_off(simulator: Simulator, client: stripe.StripeClient):
    simulator.faults(timeouts=1, timeout_seconds=0.05)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(params())
    assert client.v1.checkout.sessions.list().data == []


def test_a_wrong_switch_is_named(simulator: Simulator):
    with pytest.raises(ValueError, match="unknown switch: nonsense"):
        simulator.faults(nonsense=1)
    simulator.faults(errors=-1)
    simulator.reset()
    assert simulator.faults()["errors"] == 0
