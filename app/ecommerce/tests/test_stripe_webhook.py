"""What Stripe did not sign for this shop, just now, is refused."""

from __future__ import annotations

import json
import time

import pytest
from django.urls import reverse
from tools.stripe_simulator.webhooks import signature

from ecommerce.models import StripeEvent
from tasks.models import Job

WEBHOOK = reverse("stripe_webhook")
SECRET = "whsec_for_tests"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stripe(settings):
    settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_for_tests", SECRET


def an_event(**changes):
    subject = {"id": "cs_1", "object": "checkout.session"}
    event = {"id": "evt_1", "object": "event", "type": "checkout.session.completed", "created": 1_790_000_000}
    return {**event, "livemode": False, "data": {"object": subject}, **changes}


@pytest.fixture
def send(client):
    def post(event=None, *, payload=None, secret=SECRET, at=None, signed=None):
        payload = json.dumps(event or an_event()).encode() if payload is None else payload
        signed = signature(payload, secret, timestamp=at) if signed is None else signed
        return client.post(WEBHOOK, payload, content_type="application/json", headers={"Stripe-Signature": signed})

    return post


def refused(answer):
    return answer.status_code == 400 and not StripeEvent.objects.exists() and not Job.objects.exists()


def test_takes_what_stripe_signed(send):
    assert send().status_code == 200
    assert StripeEvent.objects.get().object_id == "cs_1"
    assert Job.objects.get().queue == "io"


def test_refuses_another_secret(send):
    assert refused(send(secret="whsec_of_somebody_else"))


def test_refuses_other_bytes_than_were_signed(send):
    signed = signature(json.dumps(an_event()).encode(), SECRET)
    assert refused(send(an_event(id="evt_2"), signed=signed))


@pytest.mark.parametrize("signed", ["", "t=1", "v1=abc", "nonsense", "t=x,v1=y"])
def test_refuses_what_is_no_signature(send, signed):
    assert refused(send(signed=signed))


@pytest.mark.parametrize("age", [301, 86_400])
def test_refuses_an_old_recording(send, age):
    assert refused(send(at=int(time.time()) - age))


def test_refuses_everything_without_a_secret(send, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert refused(send(secret=""))


@pytest.mark.parametrize(("key", "livemode"), [("sk_test_x", True), ("sk_live_x", False), ("rk_live_x", False)])
def test_refuses_the_other_mode(send, settings, key, livemode):
    settings.STRIPE_API_KEY = key
    assert refused(send(an_event(livemode=livemode)))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"id": "evt_1"}',
        b"\xff\xfe",
        b'{"id":"e","type":"t","created":1,"data":{"object":[]}}',
    ],
)
def test_refuses_what_is_no_event(send, payload):
    assert refused(send(payload=payload))


def test_refuses_what_is_too_large(send):
    assert send(payload=b" " * 300_000).status_code == 413
    assert not StripeEvent.objects.exists()


def test_answers_no_other_method(client):
    assert client.get(WEBHOOK).status_code == 405
