"""What race tests share: how threads meet, and how the code behaves without its locks."""

from __future__ import annotations

from contextlib import suppress
from threading import BrokenBarrierError
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models import QuerySet

SECONDS = 2
# SQLite lets one transaction write at a time and the next begin after it: there is nothing that a row's lock adds.
needs_row_locks = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no locks of rows")


def meet(barrier: Any) -> None:
    """Wait for the other threads, and go on alone where a lock keeps them away."""
    with suppress(BrokenBarrierError):
        barrier.wait(timeout=SECONDS)


def waits_before(barrier: Any, function: Any) -> Any:
    def waiting(*arguments: Any, **named: Any) -> Any:
        meet(barrier)
        return function(*arguments, **named)

    return waiting


def waits_after(barrier: Any, function: Any) -> Any:
    def waiting(*arguments: Any, **named: Any) -> Any:
        answer = function(*arguments, **named)
        meet(barrier)
        return answer

    return waiting


def remove_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows.all())


def is_deadlock(error: BaseException | object) -> bool:
    return isinstance(error, OperationalError) and error.args[0] == 1213
