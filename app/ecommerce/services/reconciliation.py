"""Find what no event has told: payments, refunds and disputes that Stripe knows of and our rows do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.utils import timezone

from ecommerce.models import StripeSession
from ecommerce.services import disputes, payments, refunds, stripe_client
from ecommerce.services.errors import PaymentRefusedError
from tasks.services import jobs

if TYPE_CHECKING:
    from stripe.checkout import Session

log = structlog.get_logger(__name__)

RECONCILE = "ecommerce.reconcile"
# Stripe repeats events for three days; after a longer silence a person looks.
LOOK_BACK = timedelta(days=4)
SETTLED = (StripeSession.Status.PAID, StripeSession.Status.RETURNED)


def ask() -> None:
    """Ask for the job, once an hour at most; without Stripe there is nothing to compare."""
    if stripe_client.is_configured():
        jobs.enqueue(RECONCILE, key=timezone.now().strftime("%Y-%m-%d-%H"))


def run(*, job: jobs.RunningJob) -> dict[str, int]:
    """Compare the sessions of the last days with our rows, and settle those that differ; how many of each."""
    counts = {"sessions": 0, "settled": 0, "refunds looked at": 0, "disputes": 0, "unknown to Stripe": 0}
    since = timezone.now() - LOOK_BACK
    for found in stripe_client.sessions_since(int(since.timestamp())):
        counts["sessions"] += 1
        if _differs(found):
            outcome = payments.settle(session_id=found.id)
            log.warning("payment_reconciled", session=found.id, outcome=outcome)
            counts["settled"] += 1
        job.progress(counts["sessions"], message="sessions")
    for session_id in _slow():
        with _known_to_stripe(counts):
            payments.settle(session_id=session_id)
    for dispute in stripe_client.disputes_since(int(since.timestamp())):
        disputes.flag(found=dispute)
        counts["disputes"] += 1
    for intent in _recent_intents(since):
        with _known_to_stripe(counts):
            refunds.look(payment_intent=intent)
        counts["refunds looked at"] += 1
        job.progress(counts["refunds looked at"], message="refunds")
    return counts


@contextmanager
def _known_to_stripe(counts: dict[str, int]) -> Iterator[None]:
    """One payment that Stripe does not know, as after a change of the account, keeps no other from being compared."""
    try:
        yield
    except PaymentRefusedError as error:
        counts["unknown to Stripe"] += 1
        log.warning("payment_unknown_to_stripe", error=str(error))


def _differs(found: Session) -> bool:
    """Whether Stripe has money of ours, or an end, that our row does not have. One query."""
    if not found.client_reference_id:
        return False
    row = StripeSession.objects.filter(session_id=found.id).first()
    if found.payment_status == "paid":
        return row is None or row.status not in SETTLED
    return row is not None and found.status != "open" and row.status == StripeSession.Status.OPEN


def _slow() -> list[str]:
    """Payments that take days to succeed or fail."""
    slow = StripeSession.objects.filter(status=StripeSession.Status.PROCESSING, session_id__isnull=False)
    return [str(session_id) for session_id in slow.values_list("session_id", flat=True)]


def _recent_intents(since: object) -> list[str]:
    """The payments whose refunds may have changed: of orders that were paid, refused or given back lately."""
    sessions = StripeSession.objects.filter(order__modified__gte=since, status__in=SETTLED).exclude(payment_intent="")
    return list(sessions.order_by("pk").values_list("payment_intent", flat=True))
