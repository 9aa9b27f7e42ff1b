"""The beginning and the end of a Celery worker, as far as they concern its jobs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from celery import bootsteps
from celery.signals import worker_shutting_down
from celery.worker import state
from django.conf import settings

from tasks import beside
from tasks.repeating import RepeatingStep

log = structlog.get_logger(__name__)

ASK_SECONDS = 1.0
CHECK_SECONDS = 3.0
LOST_SECONDS = 9.0  # longer than a task takes from its end to its acknowledgement
DEAF_SECONDS = 30.0  # longer than a child takes to start on a busy machine

_never = threading.Event()


class FreeOwnJobsStep(bootsteps.StartStopStep):
    """Once in a process, before it takes its first message; a consumer starts again whenever the broker was away."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        _beside(lambda: _free(parent.hostname)).join()


class ReconnectWhenBlockedStep(RepeatingStep):
    """Gives a worker new places for messages where it has lost them.

    A worker holds so many messages at a time. An acknowledgement that fails, as when the network to the broker is cut,
    is logged by Celery and its place stays taken; when all are, the worker looks alive and takes no work ever again.
    An error of the connection, raised in its main loop, makes it connect anew.
    """

    seconds = CHECK_SECONDS

    def __init__(self, parent: Any, **options: Any) -> None:
        self._lost_since: float | None = None
        super().__init__(parent, **options)

    def repeat(self, parent: Any) -> None:
        self.check(parent.consumer)

    def check(self, consumer: Any) -> None:
        """Raise ConnectionResetError once places have been lost for LOST_SECONDS."""
        lost = lost_places(consumer)
        if not lost:
            self._lost_since = None
            return
        self._lost_since = self._lost_since or time.monotonic()
        if time.monotonic() - self._lost_since >= LOST_SECONDS:
            self._lost_since = None
            log.error("worker_blocked", places_lost=lost, what="It connects to the broker anew.")
            raise ConnectionResetError(f"{lost} messages were never acknowledged.")


class EndWhenDeafStep(RepeatingStep):
    """Ends a worker that takes no message although some wait and none of its children has anything to do.

    Its main loop turns and its heart beats, so nobody else notices: a child that hangs before it takes its first
    message, or a message that was handed to one that had just died (celery/celery#2431). It connects to the broker anew
    first. Where a health check watches, and so the engine starts it again, it ends itself after three times as long.
    """

    seconds = CHECK_SECONDS

    def __init__(self, parent: Any, **options: Any) -> None:
        self._looking: threading.Thread | None = None
        self._messages_wait = False
        self._taken = -1
        self._deaf_since: float | None = None
        self._has_reconnected = False
        super().__init__(parent, **options)

    def repeat(self, parent: Any) -> None:
        self.check(tuple(parent.app.amqp.queues.consume_from))

    def check(self, names: tuple[str, ...]) -> None:
        """Raise ConnectionResetError after DEAF_SECONDS, once, and end the process after three times as many."""
        if self._looking is None or not self._looking.is_alive():
            self._looking = threading.Thread(target=self.look, args=(names,), name="messages", daemon=True)
            self._looking.start()
        taken = state.all_total_count[0]
        if not self._messages_wait or taken != self._taken or state.active_requests or self._is_ending:
            self._taken, self._deaf_since, self._has_reconnected = taken, None, False
            return
        self._deaf_since = self._deaf_since or time.monotonic()
        seconds = time.monotonic() - self._deaf_since
        if seconds >= 3 * DEAF_SECONDS and settings.HEARTBEAT_FILE:
            log.critical("worker_deaf", seconds=round(seconds), what="It ends, and is started again.")
            os.kill(os.getpid(), signal.SIGKILL)  # to end in good order it would wait for children that hang
        if seconds >= DEAF_SECONDS and not self._has_reconnected:
            self._has_reconnected = True
            log.error("worker_deaf", seconds=round(seconds), what="It connects to the broker anew.")
            raise ConnectionResetError("Messages wait, and none is taken.")

    def look(self, names: tuple[str, ...]) -> None:
        """In a thread: a broker that hangs must not stop the main loop."""
        try:
            with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=1) as broker:
                self._messages_wait = any(broker.llen(name) for name in names)
        except redis.RedisError:  # then nobody can take anything
            self._messages_wait = False

    @property
    def _is_ending(self) -> bool:
        # Else it is the code that the process ends with, which may be 0.
        return any(wish is not None and wish is not False for wish in (state.should_stop, state.should_terminate))


def lost_places(consumer: Any) -> int:
    """How many messages the connection counts as held by this worker that no task of it holds."""
    task_consumer = getattr(consumer, "task_consumer", None)
    quality = getattr(getattr(task_consumer, "channel", None), "qos", None)
    if quality is None or not quality.prefetch_count:
        return 0  # not connected, or without a limit
    held: int = quality.prefetch_count - quality.can_consume_max_estimate()
    return max(0, held - len(state.reserved_requests))


@worker_shutting_down.connect  # type: ignore[untyped-decorator]  # Celery has no types
def give_jobs_back(sender: str, **kwargs: Any) -> None:
    """Celery then waits for the jobs to end. Long ones do so at their next checkpoint."""
    threading.Thread(target=_ask_back_until_the_end, args=(sender,), name="hand-over", daemon=True).start()


def _free(worker: str) -> None:
    from tasks.services import handing_over  # this module is loaded before there are models

    freed = handing_over.free(worker=worker)
    if freed:
        log.warning("jobs_freed", worker=worker, jobs=freed)


def _ask_back_until_the_end(worker: str) -> None:
    """Again and again: a child may just be beginning a job that had reached it before."""
    log.info("worker_ending", worker=worker)
    while True:
        _beside(lambda: _ask_back(worker)).join()
        _never.wait(ASK_SECONDS)


def _ask_back(worker: str) -> None:
    from tasks.services import handing_over

    asked = handing_over.ask_back(worker=worker)
    if asked:
        log.info("jobs_asked_back", worker=worker, jobs=asked)


def _beside(work: Callable[[], None]) -> threading.Thread:
    return beside.run(work, name="hand-over", failure="jobs_not_handed_over")
