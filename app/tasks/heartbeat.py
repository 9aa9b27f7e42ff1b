"""A file that is touched for as long as a process does its rounds: what container health checks look at.

Asking workers over the broker instead costs CPU, and tells of the broker as much as of the worker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery import bootsteps
from django.conf import settings

SECONDS = 5.0


def beat() -> None:
    """Touch HEARTBEAT_FILE, where one is set."""
    if settings.HEARTBEAT_FILE:
        path = Path(settings.HEARTBEAT_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


class HeartbeatStep(bootsteps.StartStopStep):
    """Makes a worker touch its file from its main loop, so that one that hangs stops doing it."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **options: Any) -> None:
        self._repetition: Any = None
        super().__init__(parent, **options)

    def start(self, parent: Any) -> None:
        beat()
        self._repetition = parent.timer.call_repeatedly(SECONDS, beat)

    def stop(self, parent: Any) -> None:
        if self._repetition is not None:
            self._repetition.cancel()
            self._repetition = None
