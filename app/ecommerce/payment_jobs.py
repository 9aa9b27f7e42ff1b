"""The durable jobs of payments: they wait for Stripe, so their queue is that of the network."""

from __future__ import annotations

from ecommerce.services import payments, reconciliation, refunds, stripe_events
from tasks.services import jobs

# Stripe may be away for a day. With the backoff of jobs so many attempts take that long.
PATIENT = 12


@jobs.handler(stripe_events.HANDLE, queue="io", max_attempts=PATIENT)
def stripe_event(job: jobs.RunningJob, *, event_id: int) -> str:
    return stripe_events.handle(event_id=event_id)


@jobs.handler(payments.SETTLE, queue="io", max_attempts=3)
def settle_payment(job: jobs.RunningJob, *, session_id: str) -> str:
    return payments.settle(session_id=session_id)


@jobs.handler(payments.EXPIRE, queue="io", max_attempts=PATIENT)
def expire_session(job: jobs.RunningJob, *, row_id: int) -> str:
    return payments.expire_session(row_id=row_id)


@jobs.handler(refunds.SEND, queue="io", max_attempts=PATIENT)
def send_refund(job: jobs.RunningJob, *, refund_id: int) -> str:
    return refunds.send(refund_id=refund_id)


@jobs.handler(payments.OVERDUE, queue="io", max_attempts=3)
def close_overdue(job: jobs.RunningJob, *, order_id: int) -> str:
    return payments.close_overdue(order_id=order_id)


@jobs.handler(reconciliation.RECONCILE, queue="io", max_attempts=3)
def reconcile(job: jobs.RunningJob) -> dict[str, int]:
    return reconciliation.run(job=job)
