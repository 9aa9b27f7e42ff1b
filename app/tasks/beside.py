"""Database work of a worker's first process: in threads, since its main loop must wait for no database.

Such a process forks its children at any time, and a child copies what SQLite remembers of locks in its process: a lock
that a thread holds at that moment would, for the child, be held for ever ("database is locked"). So nobody forks while
one of these threads works, within reason: https://sqlite.org/howtocorrupt.html, section 2.6.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import structlog
from django.db import connection

log = structlog.get_logger(__name__)

# A server that hangs keeps the thread longer. Forking then does no harm: that database has no locks in our process.
LONGEST_WAIT_SECONDS = 1.0

_working = threading.Lock()
_forking = False


def run(work: Callable[[], None], *, name: str, failure: str) -> threading.Thread:
    """Start the work in a thread, with a connection of its own; an error becomes the log event ``failure``."""

    def thread() -> None:
        with _working:
            try:
                work()
            except Exception as error:  # the database is away: whatever this was about heals by itself
                log.warning(failure, error=repr(error))
            finally:
                connection.close()

    # It ends with the process, whenever that is.
    started = threading.Thread(target=thread, name=name, daemon=True)
    started.start()
    return started


def _before_fork() -> None:
    global _forking
    _forking = _working.acquire(timeout=LONGEST_WAIT_SECONDS)


def _after_fork() -> None:
    if _forking:
        _working.release()


def _in_child() -> None:
    """Whoever held the lock does not exist here."""
    global _working
    _working = threading.Lock()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_in_child)
