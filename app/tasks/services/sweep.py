"""Sending again what the broker forgot, and jobs whose worker is gone. This is why nothing depends on the broker."""

from __future__ import annotations

from datetime import timedelta

import redis
import structlog
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from tasks import queues
from tasks.models import Job
from tasks.services import claiming, doorbell

log = structlog.get_logger(__name__)

BATCH = 500


def sweep() -> int:
    """Send due jobs that no message stands for, at most BATCH for each queue, oldest first; return how many."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=1) as broker:
        messages = {name: int(broker.llen(name)) for name in queues.NAMES}
    sent = sum(_sweep_queue(name, waiting) for name, waiting in messages.items())
    if sent:
        log.info("jobs_sent_again", jobs=sent)
    return sent


def _sweep_queue(queue: str, messages: int) -> int:
    """A queue that holds a message for every due job has lost none: a long backlog is not sent again and again."""
    due = Job.objects.filter(claiming.claimable(timezone.now()), queue=queue)
    missing = min(due[: BATCH + messages].count() - messages, BATCH)
    if missing <= 0:
        return 0
    oldest = _not_sent_lately(due).order_by("run_after", "pk").values_list("pk", flat=True)[:missing]
    return doorbell.send(job_ids=list(oldest), queue=queue)


def _not_sent_lately(due: QuerySet[Job]) -> QuerySet[Job]:
    """Without those whose message may just be on its way from the queue to a worker."""
    lately = timezone.now() - timedelta(seconds=settings.JOB_SWEEP_SECONDS)
    return due.filter(Q(sent_at=None) | Q(sent_at__lte=lately))
