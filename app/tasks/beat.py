"""Beat's scheduler: the schedule in the database, a sign of life at every tick, and one that ticks however many run."""

from __future__ import annotations

import socket
import uuid
from contextlib import suppress
from typing import Any

import structlog
from django.db import DatabaseError, connection
from django_celery_beat.schedulers import DatabaseScheduler

from tasks import heartbeat
from tasks.services import singleton

log = structlog.get_logger(__name__)

LEASE = "beat"
# Longer than the longest sleep between two ticks, of five seconds, and than a short freeze.
LEASE_SECONDS = 20.0
STANDBY_SECONDS = 5.0


class Scheduler(DatabaseScheduler):
    """A second one, started by mistake or while a release is replaced, waits until the first is gone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._owner = uuid.uuid4().hex
        self._is_ours = False
        self._presence = heartbeat.Presence(name=f"beat@{socket.gethostname()}", role="beat")
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        heartbeat.beat()
        try:
            is_held = singleton.hold(name=LEASE, owner=self._owner, seconds=LEASE_SECONDS)
        except DatabaseError as error:
            log.warning("beat_without_database", error=repr(error))
            connection.close()
            return STANDBY_SECONDS
        if not is_held:
            self._stand_by()
            return STANDBY_SECONDS
        if not self._is_ours:
            self._take_over()
        self._presence.note()
        return float(super().tick(*args, **kwargs))

    def close(self) -> None:
        super().close()
        with suppress(DatabaseError):  # then it ends by itself
            singleton.release(name=LEASE, owner=self._owner)

    def _stand_by(self) -> None:
        if self._is_ours:
            log.warning("beat_replaced", why="Another beat has taken over, for this one was silent too long.")
        else:
            log.info("beat_stands_by", why="Another beat runs.")
        self._is_ours = False

    def _take_over(self) -> None:
        """Read the schedule anew: it says when the other one last sent what."""
        self._is_ours = True
        self._dirty.clear()
        self._schedule = None
        self._initial_read = True
        self._heap = None

    def install_default_entries(self, data: Any) -> None:
        """Leave Celery's own entry out: it cleans a result backend, and there is none."""
