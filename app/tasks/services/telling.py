"""Telling whoever watches a job how it stands, through the channel layer.

Nothing depends on it: the row is the truth, and who hears nothing here asks for it (tasks.sockets, progress.js).
"""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from tasks.models import Job
from tasks.services import registry

log = structlog.get_logger(__name__)

SECONDS_TO_SEND = 3.0
SILENT_SECONDS = 30.0

_silent_until = float("-inf")


def group_of(job_id: int) -> str:
    """Those who watch the job."""
    return f"job-{job_id}"


def describe(job: Job) -> dict[str, Any]:
    """What may be shown of the job to whoever may see it, as JSON.

    Never its arguments nor its error: the one may hold a link that resets a password, the other is for staff.
    """
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": registry.title_of(job.kind),
        "state": job.state,
        "stopping": job.is_stopping,
        "finished": job.is_finished,
        "progress": {
            "current": job.progress_current,
            "total": job.progress_total,
            "percent": job.percent,
            "message": job.progress_message,
        },
        "result": None if registry.is_private(job.kind) else job.result,
        "created": job.created.isoformat(),
        "started": job.started.isoformat() if job.started else None,
        "ended": job.finished.isoformat() if job.finished else None,
    }


def tell(*, job_id: int) -> None:
    """Send the job's state to those who watch it, once the transaction is over. Never raises."""
    transaction.on_commit(partial(_tell, job_id), robust=True)


def _tell(job_id: int) -> None:
    """After a failure this process stays silent for a while: a Redis that hangs delays one step of a job, not all."""
    global _silent_until  # one process, one channel layer
    if time.monotonic() < _silent_until:
        return
    try:
        job = Job.objects.filter(pk=job_id).first()
        if job is not None:
            async_to_sync(_send)(group_of(job_id), {"type": "job.told", "state": describe(job)})
    except Exception as error:  # any client, network or database error: none may reach the job
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("job_not_told", job_id=job_id, error=repr(error))


async def _send(group: str, message: dict[str, Any]) -> None:
    await asyncio.wait_for(get_channel_layer().group_send(group, message), SECONDS_TO_SEND)
