"""Regular work that concerns every app."""

from __future__ import annotations

import structlog
from celery import shared_task

from hnmproject import summary
from hnmproject.backups import keeping

log = structlog.get_logger(__name__)


@shared_task(name="hnmproject.daily_summary")  # type: ignore[untyped-decorator]  # Celery has no types
def daily_summary() -> None:
    summary.ask()


@shared_task(name="hnmproject.look_at_backups")  # type: ignore[untyped-decorator]
def look_at_backups() -> None:
    watch = keeping.look()
    if watch is None:
        log.info("backups_not_watched", reason="BACKUP_DIR is not set")
    else:
        log.info("backups_looked_at", newest=watch.name, problem=watch.problem)
