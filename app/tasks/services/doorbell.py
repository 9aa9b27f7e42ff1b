"""Telling a worker early that a job waits. Nothing depends on it: what is not heard here, the sweep finds."""

from __future__ import annotations

import time

import structlog
from django.conf import settings
from django.utils import timezone

from tasks.models import Job

log = structlog.get_logger(__name__)

_silent_until = 0.0


def ring(*, job_id: int, queue: str) -> bool:
    """Send the job's id to its queue, and say whether that worked.

    After a failure this process sends nothing until the next sweep is due, so that a broker which does not even refuse
    connections delays one request and not all of them.
    """
    global _silent_until  # one process, one broker
    if time.monotonic() < _silent_until:
        return False
    try:
        _send(job_id=job_id, queue=queue)
    except Exception as error:  # any client or network error: none may reach who asked for the job
        _silent_until = time.monotonic() + settings.JOB_SWEEP_SECONDS
        log.warning("job_not_sent", job_id=job_id, queue=queue, error=repr(error))
        return False
    Job.objects.filter(pk=job_id).update(sent_at=timezone.now())
    return True


def _send(*, job_id: int, queue: str) -> None:
    from tasks.tasks import run_job

    run_job.apply_async(args=[job_id], queue=queue, ignore_result=True, retry=False)
