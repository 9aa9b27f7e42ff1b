"""Figures about the background work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from tasks import queues
from tasks.models import Job, Process
from tasks.services import presence


@dataclass(frozen=True)
class JobFigures:
    """What staff want to know at a glance."""

    queued: int
    running: int
    failed_today: int
    oldest_waiting: timedelta | None  # how long the oldest due job has waited; None where none waits
    due: int = 0  # queued, and wanted by now

    @property
    def unfinished(self) -> int:
        return self.queued + self.running


# How long a due job may wait before somebody should look: the alert JobsWait says the same.
PATIENCE = timedelta(minutes=5)
PATIENCE_WITH_BULK = timedelta(hours=1)


@dataclass(frozen=True)
class QueueFigures:
    name: str
    due: int
    oldest_due: timedelta | None
    workers: int  # that serve it, and were seen in the last minute

    @property
    def is_late(self) -> bool:
        patience = PATIENCE_WITH_BULK if self.name == queues.BULK else PATIENCE
        return self.oldest_due is not None and self.oldest_due > patience


@dataclass(frozen=True)
class ProcessFigures:
    """Who was seen in the last minute, and when beat last ticked: None where no beat has ticked for a day."""

    workers: list[Process]
    beats: int
    beat_ticked: datetime | None

    @property
    def beat_silence(self) -> timedelta | None:
        return timezone.now() - self.beat_ticked if self.beat_ticked else None


def job_figures() -> JobFigures:
    """Costs two queries. The day is that of the current time zone."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    due = Q(state=Job.State.QUEUED, run_after__lte=now)
    unfinished = Job.objects.filter(state__in=Job.UNFINISHED).aggregate(
        queued=Count("pk", filter=Q(state=Job.State.QUEUED)),
        running=Count("pk", filter=Q(state=Job.State.RUNNING)),
        due=Count("pk", filter=due),
        due_since=Min("run_after", filter=due),
    )
    failed = Job.objects.filter(state=Job.State.FAILED, finished__gte=midnight).count()
    due_since = unfinished["due_since"]
    return JobFigures(
        queued=unfinished["queued"],
        running=unfinished["running"],
        failed_today=failed,
        oldest_waiting=now - due_since if due_since else None,
        due=unfinished["due"],
    )


def process_figures() -> ProcessFigures:
    """Costs one query."""
    alive = timezone.now() - presence.SEEN
    rows = list(Process.objects.order_by("name"))
    ticks = [row.seen for row in rows if row.role == Process.Role.BEAT]
    workers = [row for row in rows if row.role == Process.Role.WORKER and row.seen >= alive]
    beats = sum(tick >= alive for tick in ticks)
    return ProcessFigures(workers=workers, beats=beats, beat_ticked=max(ticks, default=None))


def queue_figures(workers: list[Process]) -> list[QueueFigures]:
    """What waits in each queue, and how many of these workers serve it. Costs one query."""
    now = timezone.now()
    waiting = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=now).order_by().values("queue")
    found = {row["queue"]: row for row in waiting.annotate(due=Count("pk"), since=Min("run_after"))}
    return [
        QueueFigures(
            name=name,
            due=found[name]["due"] if name in found else 0,
            oldest_due=now - found[name]["since"] if name in found else None,
            workers=sum(name in worker.served for worker in workers),
        )
        for name in queues.NAMES
    ]


def unfinished_by_kind() -> list[tuple[str, str, str, int]]:
    """Kind, queue, state, and how many; one query of what is not finished, which is never much."""
    rows = Job.objects.filter(state__in=Job.UNFINISHED).order_by().values_list("kind", "queue", "state")
    return list(rows.annotate(number=Count("pk")))


def ended_by_kind(since: datetime) -> list[tuple[str, str, int]]:
    """Kind, state, and how many ended so since then; one query along an index."""
    states = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
    rows = Job.objects.filter(state__in=states, finished__gte=since).order_by().values_list("kind", "state")
    return list(rows.annotate(number=Count("pk")))
