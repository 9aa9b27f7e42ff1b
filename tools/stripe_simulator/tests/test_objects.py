"""The simulator's objects beside Stripe's own samples, which are not part of this repository."""

from __future__ import annotations

import json
import typing
from pathlib import Path
from typing import Any

import pytest
import stripe

from tools.stripe_simulator.testing import Simulator

from .conftest import params

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "stripe-objects.json"
CLASSES = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "event": stripe.Event,
    "dispute": stripe.Dispute,
    "coupon": stripe.Coupon,
}

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="Stripe's sample objects are not beside this repository")


@pytest.fixture
def objects(simulator: Simulator, client: stripe.StripeClient) -> dict[str, Any]:
    client.v1.coupons.create({"percent_off": 10, "id": "TEN"})
    session = client.v1.checkout.sessions.create(params(discounts=[{"coupon": "TEN"}]))
    simulator.pay(session.id)
    charge = client.v1.charges.list().data[0].id
    client.v1.refunds.create({"charge": charge, "amount": 100})
    simulator.dispute(charge)
    store = simulator.parts.store
    return {kind: next(store.newest(kind)) for kind in CLASSES}


@pytest.mark.parametrize("kind", CLASSES)
def test_has_the_keys_and_types_of_the_sample(objects: dict[str, Any], kind: str):
    sample = json.loads(SAMPLES.read_text())[kind]
    ours = objects[kind]
    assert sorted(ours) == sorted(sample)
    for key, value in sample.items():
        if ours[key] is None and value is not None:
            assert type(None) in typing.get_args(CLASSES[kind].__annotations__[key]), f"{key} is never null"
        elif key != "data" and not (kind == "dispute" and key == "payment_method_details"):
            _compare(ours[key], value, key)


def test_a_price_is_as_the_sample(objects: dict[str, Any], simulator: Simulator):
    price = simulator.parts.sessions.line_items(objects["checkout.session"]["id"])[0]["price"]
    sample = json.loads(SAMPLES.read_text())["price"]
    assert sorted(price) == sorted(sample)
    for key in sample:
        _compare(price[key], sample[key], key)


def _compare(ours: Any, sample: Any, path: str) -> None:
    if ours is None or sample is None:
        return
    assert type(ours) is type(sample), path
    if isinstance(sample, dict) and sample and path not in ("metadata", "destination_details.card"):
        # What depends on the kind of payment has only its own keys.
        missing = set(sample) - set(ours)
        assert not missing, f"{path} lacks {missing}"
        for key in sample:
            _compare(ours[key], sample[key], f"{path}.{key}")
