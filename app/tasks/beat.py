"""Beat's scheduler: the schedule in the database, and a sign of life at every tick."""

from __future__ import annotations

from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler

from tasks import heartbeat


class Scheduler(DatabaseScheduler):
    def tick(self, *args: Any, **kwargs: Any) -> float:
        heartbeat.beat()
        return float(super().tick(*args, **kwargs))

    def install_default_entries(self, data: Any) -> None:
        """Leave Celery's own entry out: it cleans a result backend, and there is none."""
