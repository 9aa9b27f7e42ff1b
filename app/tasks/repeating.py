"""What a Celery worker does again and again while it runs."""

from __future__ import annotations

from typing import Any

from celery import bootsteps


class RepeatingStep(bootsteps.StartStopStep):
    """Calls ``repeat`` from a worker's main loop every ``seconds``, from its start to its stop."""

    requires = ("celery.worker.components:Timer",)
    seconds: float
    _repetition: Any = None

    def start(self, parent: Any) -> None:
        self._repetition = parent.timer.call_repeatedly(self.seconds, lambda: self.repeat(parent))

    def stop(self, parent: Any) -> None:
        if self._repetition is not None:
            self._repetition.cancel()
            self._repetition = None

    def repeat(self, parent: Any) -> None:
        raise NotImplementedError
