"""Telling a worker early that a job waits. Nothing depends on it: what is not heard here, the sweep finds."""

from __future__ import annotations

import time
from collections.abc import Iterable

import structlog
from django.utils import timezone

from tasks.models import Job

log = structlog.get_logger(__name__)

SILENT_SECONDS = 30.0

_silent_until = float("-inf")


def ring(*, job_id: int, queue: str) -> bool:
    """Send the job's id to its queue, and say whether that worked. Never raises.

    After a failure this process stays silent for a while, so that a broker which does not even refuse connections
    delays one request and not all of them; the sweep sends meanwhile.
    """
    global _silent_until  # one process, one broker
    if time.monotonic() < _silent_until:
        return False
    try:
        send(job_ids=[job_id], queue=queue)
    except Exception as error:  # any client, network or database error: none may reach who asked for the job
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("job_not_sent", job_id=job_id, queue=queue, error=repr(error))
        return False
    return True


def send(*, job_ids: Iterable[int], queue: str) -> int:
    """Send the ids and record when; return how many. Raises what the broker's client raises, after a few seconds."""
    from tasks.tasks import run_job

    sent = []
    try:
        for job_id in job_ids:
            run_job.apply_async(args=[job_id], queue=queue, ignore_result=True, retry=False)
            sent.append(job_id)
    finally:
        Job.objects.filter(pk__in=sent).update(sent_at=timezone.now())
    return len(sent)
