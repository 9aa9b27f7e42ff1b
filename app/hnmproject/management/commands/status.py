"""``manage.py status``: what Django knows of how the shop is. `make status` prints it below the services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from hnmproject import health
from tasks import selectors
from tasks.models import BackupWatch

Line = tuple[str, str, bool]  # what it is about, what there is to say, whether it is well


class Command(BaseCommand):
    help = "Says how the shop is: release, neighbours, queues, jobs, workers and beat. A line with “!” wants attention."
    # It is for when something is wrong: it looks by itself.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        title = ""
        for label, text, is_well in _lines():
            shown = "" if label == title else label
            self.stdout.write(f"{' ' if is_well else '!'} {shown:<13}{text}")
            title = label


def _lines() -> Iterator[Line]:
    yield "Release", settings.RELEASE, True
    yield from _neighbours()
    try:
        yield "Data", _size(), True
        yield from _background_work()
        yield from _backups()
    except DatabaseError:
        yield "Jobs", "not known: the database does not answer", False


def _neighbours() -> Iterator[Line]:
    for name, check in health.CHECKS.items():
        try:
            check()
        except Exception as error:  # whatever the driver raises, it is what there is to say
            yield name.capitalize(), f"failed: {error}", False
        else:
            yield name.capitalize(), "applied" if name == "migrations" else "answers", True


def _size() -> str:
    if connection.vendor == "sqlite":
        return f"{_megabytes(Path(connection.settings_dict['NAME']).stat().st_size)} in SQLite"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()"
        )
        return f"{_megabytes(int(cursor.fetchone()[0] or 0))} in MySQL"


def _megabytes(number: int) -> str:
    return f"{number / 1024**2:.0f} MB"


def _background_work() -> Iterator[Line]:
    living = selectors.process_figures()
    for queue in selectors.queue_figures(living.workers):
        waits = f"{queue.due} due" + (f", the oldest for {_spoken(queue.oldest_due)}" if queue.oldest_due else "")
        yield "Queues", f"{queue.name:<9}{waits}; served by {queue.workers}", bool(queue.workers) and not queue.is_late
    jobs = selectors.job_figures()
    counts = f"{jobs.running} running, {jobs.queued} queued, {jobs.failed_today} failed today"
    yield "Jobs", counts, not jobs.failed_today
    now = timezone.now()
    for worker in living.workers:
        yield "Workers", f"{worker.name} ({worker.queues}), seen {_spoken(now - worker.seen)} ago", True
    if not living.workers:
        yield "Workers", "none was seen in the last minute", False
    silence = living.beat_silence
    said = f"ticked {_spoken(silence)} ago" if silence is not None else "has not ticked for a day"
    yield "Beat", said, living.beats > 0


def _backups() -> Iterator[Line]:
    """Nothing where nobody looks: `make status` then shows what lies in the folder."""
    watch = BackupWatch.objects.first()
    if watch is None:
        return
    now = timezone.now()
    if watch.made:
        verified = f"verified {_spoken(now - watch.verified)} ago" if watch.verified else "not verified yet"
        made = f"{watch.made:%Y-%m-%d %H:%M} UTC, {_megabytes(watch.size)}, {verified}"
    else:
        made = "none yet"
    yield "Backups", made, not watch.problem
    if watch.problem:
        yield "Backups", watch.problem, False


def _spoken(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
