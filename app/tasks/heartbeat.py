"""The signs of life of a worker or beat: a file for its container's health check, and a row for people and figures.

Asking workers over the broker instead costs CPU, and tells of the broker as much as of the worker.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from tasks import beside
from tasks.repeating import RepeatingStep

log = structlog.get_logger(__name__)

SECONDS = 5.0
SECONDS_BETWEEN_ROWS = 15.0


def beat() -> None:
    """Touch HEARTBEAT_FILE, where one is set."""
    if settings.HEARTBEAT_FILE:
        path = Path(settings.HEARTBEAT_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


class Presence:
    """Keeps the row of this process fresh. Nothing waits for it, and it never fails."""

    def __init__(self, *, name: str, role: str, queues: tuple[str, ...] = ()) -> None:
        self.name = name
        self._role = role
        self._queues = queues
        self._written_at = float("-inf")
        self._writing: threading.Thread | None = None

    @property
    def _is_due(self) -> bool:
        return time.monotonic() - self._written_at >= SECONDS_BETWEEN_ROWS

    @property
    def _is_writing(self) -> bool:
        return self._writing is not None and self._writing.is_alive()

    def note(self) -> None:
        """In this thread, with its connection."""
        if not self._is_due:
            return
        from tasks.services import presence  # this module is loaded before there are models

        self._written_at = time.monotonic()
        try:
            presence.note(name=self.name, role=self._role, queues=self._queues)
        except Exception as error:  # the database is away: whoever looks for us sees that
            log.warning("presence_not_noted", name=self.name, error=repr(error))
            connection.close()

    def note_beside(self) -> None:
        """In a thread, with a connection of its own: a database that hangs must not stop the heart of a worker."""
        if self._is_due and not self._is_writing:
            self._writing = beside.run(self.note, name="presence", failure="presence_not_noted")

    def leave(self) -> None:
        from tasks.services import presence

        # Where it fails, this process is missed for a minute.
        leaving = beside.run(lambda: presence.leave(name=self.name), name="presence", failure="presence_not_noted")
        leaving.join(timeout=2)


class HeartbeatStep(RepeatingStep):
    """Makes a worker touch its file from its main loop, so that one that hangs stops doing it."""

    seconds = SECONDS

    def __init__(self, parent: Any, **options: Any) -> None:
        self._presence: Presence | None = None
        super().__init__(parent, **options)

    def start(self, parent: Any) -> None:
        queues = tuple(parent.app.amqp.queues.consume_from)
        self._presence = Presence(name=parent.hostname, role="worker", queues=queues)
        self.repeat(parent)
        super().start(parent)

    def stop(self, parent: Any) -> None:
        super().stop(parent)
        if self._presence is not None:
            self._presence.leave()
            self._presence = None

    def repeat(self, parent: Any) -> None:
        beat()
        if self._presence is not None:
            self._presence.note_beside()
