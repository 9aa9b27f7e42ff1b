"""Durable jobs: the public interface.

from tasks.services import jobs

@jobs.handler("shop.do_it", queue="io")
def do_it(job: jobs.RunningJob, *, order_id: int) -> None: ...

jobs.enqueue("shop.do_it", key=f"order-{order.pk}", order_id=order.pk)
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tasks.models import Job
from tasks.services import doorbell, registry, running, telling
from tasks.services.errors import (
    BadArguments,
    Cancelled,
    GivenBack,
    GiveUp,
    JobError,
    LeaseLost,
    UnknownKind,
    WrongState,
)
from tasks.services.registry import handler
from tasks.services.running import RunningJob, run

if TYPE_CHECKING:
    from users.models import CustomUser

__all__ = [
    "BadArguments",
    "Cancelled",
    "GiveUp",
    "GivenBack",
    "Job",
    "JobError",
    "LeaseLost",
    "RunningJob",
    "UnknownKind",
    "WrongState",
    "cancel",
    "enqueue",
    "handler",
    "retry",
    "run",
    "run_due",
]

REQUEST_ID_LENGTH = 64


def enqueue(
    kind: str,
    *,
    key: str | None = None,
    owner: CustomUser | None = None,
    run_after: datetime | None = None,
    **arguments: Any,
) -> Job:
    """Ask for a job, in the caller's transaction: if that is rolled back, nobody ever asked.

    Where the kind has a job with this key already, that job is returned, in whatever state it is.
    Raises UnknownKind and BadArguments. Costs one INSERT, and one UPDATE after the commit.
    """
    known = registry.get(kind)
    job = Job(
        kind=kind,
        key=key,
        owner=owner,
        queue=known.queue,
        arguments=_as_json(known, arguments),
        run_after=run_after or timezone.now(),
        request_id=_request_id(),
        language=get_language() or "",
    )
    return _insert(job)


def retry(*, job: Job) -> None:
    """Queue a failed or cancelled job again, with all its attempts. Raises WrongState for any other."""
    changed = Job.objects.filter(pk=job.pk, state__in=(Job.State.FAILED, Job.State.CANCELLED)).update(
        state=Job.State.QUEUED,
        attempts=0,
        run_after=timezone.now(),
        sent_at=None,
        started=None,
        finished=None,
        cancel_requested=False,
    )
    if changed != 1:
        raise WrongState(_("%(job)s has neither failed nor been cancelled, so it cannot be retried.") % {"job": job})
    telling.tell(job_id=job.pk)
    _ring_after_commit(job)


def cancel(*, job: Job) -> None:
    """Stop a job: at once where it waits, at its next checkpoint where it runs. Raises WrongState where it has ended.

    A running job that ends before its next checkpoint has ended: it is not undone.
    """
    waiting = Q(pk=job.pk, state=Job.State.QUEUED)
    if Job.objects.filter(waiting).update(state=Job.State.CANCELLED, finished=timezone.now()):
        telling.tell(job_id=job.pk)
        return
    if not Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True):
        raise WrongState(_("%(job)s has ended already, so it cannot be cancelled.") % {"job": job})
    telling.tell(job_id=job.pk)


def run_due(limit: int = 100) -> int:
    """Do due jobs in this process, each once, also those that they ask for; return how many."""
    return running.run_due(limit=limit)


def _as_json(kind: registry.Kind, arguments: dict[str, Any]) -> dict[str, Any]:
    kind.check_arguments(arguments)
    try:
        plain: dict[str, Any] = json.loads(json.dumps(arguments, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise BadArguments(f"The arguments of “{kind.name}” must be JSON: {error}.") from error
    return plain


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:REQUEST_ID_LENGTH]


def _insert(job: Job) -> Job:
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        asked_before = Job.objects.filter(kind=job.kind, key=job.key).first() if job.key is not None else None
        if asked_before is None:
            raise
        return asked_before
    _ring_after_commit(job)
    return job


def _ring_after_commit(job: Job) -> None:
    if job.run_after <= timezone.now():
        transaction.on_commit(partial(doorbell.ring, job_id=job.pk, queue=job.queue), robust=True)
