"""The beginning and the end of a Celery worker, as far as they concern its jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog
from celery import bootsteps
from celery.signals import worker_shutting_down
from django.db import connection

log = structlog.get_logger(__name__)


class FreeOwnJobsStep(bootsteps.StartStopStep):
    """Once in a process, before it takes its first message; a consumer starts again whenever the broker was away."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        _beside(lambda: _free(parent.hostname)).join()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]  # Celery has no types
def give_jobs_back(sender: str, **kwargs: Any) -> None:
    """Celery then waits for the jobs to end. Long ones do so at their next checkpoint."""
    _beside(lambda: _ask_back(sender))


def _free(worker: str) -> None:
    from tasks.services import handing_over  # this module is loaded before there are models

    freed = handing_over.free(worker=worker)
    if freed:
        log.warning("jobs_freed", worker=worker, jobs=freed)


def _ask_back(worker: str) -> None:
    from tasks.services import handing_over

    asked = handing_over.ask_back(worker=worker)
    log.info("worker_ending", worker=worker, jobs_asked_back=asked)


def _beside(work: Callable[[], None]) -> threading.Thread:
    """In a thread, with a connection of its own: this may be a signal handler, or before the children are forked."""

    def run() -> None:
        try:
            work()
        except Exception as error:  # the database is away: the leases lapse by themselves
            log.warning("jobs_not_handed_over", error=repr(error))
        finally:
            connection.close()

    thread = threading.Thread(target=run, name="hand-over")
    thread.start()
    return thread
