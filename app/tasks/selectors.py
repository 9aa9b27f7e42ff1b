"""Figures about the background work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from tasks.models import Job


@dataclass(frozen=True)
class JobFigures:
    """What staff want to know at a glance."""

    queued: int
    running: int
    failed_today: int
    oldest_waiting: timedelta | None  # how long the oldest due job has waited; None where none waits

    @property
    def unfinished(self) -> int:
        return self.queued + self.running


def job_figures() -> JobFigures:
    """Costs two queries. The day is that of the current time zone."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    unfinished = Job.objects.filter(state__in=Job.UNFINISHED).aggregate(
        queued=Count("pk", filter=Q(state=Job.State.QUEUED)),
        running=Count("pk", filter=Q(state=Job.State.RUNNING)),
        due_since=Min("run_after", filter=Q(state=Job.State.QUEUED, run_after__lte=now)),
    )
    failed = Job.objects.filter(state=Job.State.FAILED, finished__gte=midnight).count()
    due_since = unfinished["due_since"]
    return JobFigures(
        queued=unfinished["queued"],
        running=unfinished["running"],
        failed_today=failed,
        oldest_waiting=now - due_since if due_since else None,
    )
