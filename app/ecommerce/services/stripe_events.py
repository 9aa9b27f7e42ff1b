"""Events from Stripe: taken in once, and acted on by asking Stripe how things are (docs/adr/0017)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecommerce.models import StripeEvent
from ecommerce.services import disputes, payments, refunds, stripe_client
from ecommerce.services.errors import EventRefusedError
from tasks.services import jobs

log = structlog.get_logger(__name__)

HANDLE = "ecommerce.stripe_event"
OUTCOME_LENGTH = 300
# Older ones may be recordings that somebody plays again.
TOLERANCE_SECONDS = 300


def receive(*, payload: bytes, signature: str) -> StripeEvent:
    """Verify and store an event, and ask for the job that acts on it. Delivered again, it is the row of before.

    Raises EventRefusedError where Stripe did not sign exactly these bytes for this shop within the last minutes.
    """
    event = _verified(payload, signature)
    try:
        with transaction.atomic():
            row = StripeEvent.objects.create(
                event_id=event["id"],
                type=event["type"],
                object_id=str(_object(event).get("id") or ""),
                payload=event,
                livemode=bool(event.get("livemode")),
                created=datetime.fromtimestamp(int(event["created"]), tz=UTC),
            )
            jobs.enqueue(HANDLE, key=row.event_id, event_id=row.pk)
    except IntegrityError:
        return StripeEvent.objects.get(event_id=event["id"])
    return row


def handle(*, event_id: int) -> str:
    """Act on a stored event. Any number of times, in any order."""
    event = StripeEvent.objects.get(pk=event_id)
    outcome = _act(event)
    StripeEvent.objects.filter(pk=event.pk).update(processed=timezone.now(), outcome=outcome[:OUTCOME_LENGTH])
    return outcome


def _verified(payload: bytes, signature: str) -> dict[str, Any]:
    secret = settings.STRIPE_WEBHOOK_SECRET
    if not secret:
        log.error("stripe_event_refused", why="STRIPE_WEBHOOK_SECRET is not set")
        raise EventRefusedError(_("This shop takes no events: STRIPE_WEBHOOK_SECRET is not set."))
    from stripe import SignatureVerificationError, WebhookSignature  # loaded late, see stripe_client

    try:
        text = payload.decode()
        WebhookSignature.verify_header(text, signature, secret, tolerance=TOLERANCE_SECONDS)
        event: dict[str, Any] = json.loads(text)
        event["id"], event["type"], int(event["created"]), _object(event)
    except (SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("stripe_event_refused", why=type(error).__name__)
        raise EventRefusedError(_("This is not an event that Stripe signed for this shop.")) from error
    if bool(event.get("livemode")) != stripe_client.is_live():
        log.warning("stripe_event_refused", why="of the other mode", event_id=event["id"])
        raise EventRefusedError(_("This event is of Stripe's other mode (test or live) than this shop's key."))
    return event


def _object(event: dict[str, Any]) -> dict[str, Any]:
    found = event["data"]["object"]
    if not isinstance(found, dict):
        raise TypeError("An event's object is an object.")
    return found


def _act(event: StripeEvent) -> str:
    about = _object(event.payload)
    if event.type.startswith("checkout.session."):
        return payments.settle(session_id=str(about["id"]))
    if event.type.startswith(("refund.", "charge.refund")):
        return refunds.look(payment_intent=refunds.id_of(about.get("payment_intent")))
    if event.type.startswith("charge.dispute."):
        return disputes.look(dispute_id=str(about["id"]))
    return "ignored"
