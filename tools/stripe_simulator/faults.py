"""What goes wrong on purpose: each switch holds for the next so many requests or events."""

from __future__ import annotations

import math
import threading
from typing import Any

# What each does, as the dashboard says it.
SWITCHES = {
    "latency": "API answers that come late",
    "errors": "API requests answered with 500, nothing done",
    "timeouts": "API requests that hang and are cut off, nothing done",
    "lost_answers": "API requests that are done, but the answer is cut off",
    "lose_events": "events that are never delivered",
    "repeat_events": "events that are delivered again and again",
    "reorder_events": "events held back, then delivered the other way round",
}
DEFAULTS = {"latency_seconds": 1.0, "timeout_seconds": 30.0, "repeats": 2}


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[str, int] = {}
        self.values: dict[str, float] = {}
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._left = dict.fromkeys(SWITCHES, 0)
            self.values = dict(DEFAULTS)

    def set(self, changes: dict[str, Any]) -> None:
        """Set switches (a count; -1 for “until reset”) and their values. Raise ValueError naming a wrong one."""
        counts, values = {}, {}
        for name, value in changes.items():
            if name in SWITCHES:
                counts[name] = _count(name, value)
            elif name in DEFAULTS:
                values[name] = _value(name, value)
            else:
                raise ValueError(f"unknown switch: {name}")
        with self._lock:
            self._left.update(counts)
            self.values.update(values)

    def take(self, name: str) -> bool:
        """Whether this one is to go wrong. Each asking uses one up."""
        with self._lock:
            left = self._left[name]
            if left > 0:
                self._left[name] = left - 1
            return left != 0

    def left(self, name: str) -> int:
        with self._lock:
            return self._left[name]

    def state(self) -> dict[str, Any]:
        with self._lock:
            return {**self._left, **self.values}


def _count(name: str, value: Any) -> int:
    try:
        count = int(value)
    except (TypeError, ValueError):
        count = -2
    if count < -1:
        raise ValueError(f"{name} takes a count: 0 for off, -1 for “until reset”")
    return count


def _value(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number <= 600:
        raise ValueError(f"{name} takes a number from 0 to 600")
    return number
