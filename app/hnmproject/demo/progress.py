"""Lines that say how far something is, for what takes longer than a moment."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS_BETWEEN_LINES = 2.0

Say = Callable[[str], None]


class Progress:
    """Counts steps, and says so when some seconds have passed since the last line. Quick work stays silent."""

    def __init__(self, say: Say, what: str, total: int) -> None:
        self._say = say
        self._what = what
        self._total = total
        self._done = 0
        self._said = time.monotonic()

    def step(self, count: int = 1) -> None:
        self._done += count
        now = time.monotonic()
        if now - self._said >= SECONDS_BETWEEN_LINES:
            self._said = now
            self._say(f"{self._what} {self._done}/{self._total}")
