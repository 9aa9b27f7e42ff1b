"""Keeping a lease alive while its job is worked on."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import structlog
from django.conf import settings
from django.db import connection

from tasks.services import claiming

log = structlog.get_logger(__name__)

RENEWALS_IN_A_LEASE = 3
LOOKS_IN_A_LEASE = 12

_never = threading.Event()


class LeaseKeeper:
    """Keeps a lease for as long as the block runs, and knows whether it has been lost."""

    def __init__(self, *, job_id: int, lease: str) -> None:
        self.job_id = job_id
        self.lease = lease
        self._lost = threading.Event()

    @property
    def lost(self) -> bool:
        return self._lost.is_set()

    def __enter__(self) -> LeaseKeeper:
        # Inside a transaction (in a test) no other process sees the job, nor would the thread's connection.
        if not connection.in_atomic_block:
            _renewer.take(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _renewer.leave(self)

    def renew(self) -> bool:
        """Say whether it is worth doing again."""
        try:
            if not claiming.renew(job_id=self.job_id, lease=self.lease):
                self._lost.set()
        except Exception as error:  # the database may be back at the next turn, before the lease ends
            log.warning("lease_not_renewed", job_id=self.job_id, error=repr(error))
            connection.close()
        return not self.lost


class Renewer:
    """The thread of this process that renews its leases, on a connection that it has only while it does.

    One for all of them: to start a thread for each job would cost more than most jobs.
    """

    def __init__(self) -> None:
        self._due: dict[LeaseKeeper, float] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, keeper: LeaseKeeper) -> None:
        with self._lock:
            self._due[keeper] = self._next()
            # A process that was forked has the object, but not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
                self._thread.start()

    def leave(self, keeper: LeaseKeeper) -> None:
        with self._lock:
            self._due.pop(keeper, None)

    def _run(self) -> None:
        while not _never.wait(settings.JOB_LEASE_SECONDS / LOOKS_IN_A_LEASE):
            try:
                self._renew_due()
            finally:
                connection.close()

    def _renew_due(self) -> None:
        now = time.monotonic()
        with self._lock:
            due = [keeper for keeper, when in self._due.items() if when <= now]
        for keeper in due:
            is_kept = keeper.renew()
            with self._lock:
                if keeper not in self._due:  # its job has ended meanwhile
                    continue
                if is_kept:
                    self._due[keeper] = self._next()
                else:
                    del self._due[keeper]

    @staticmethod
    def _next() -> float:
        return time.monotonic() + float(settings.JOB_LEASE_SECONDS) / RENEWALS_IN_A_LEASE


_renewer = Renewer()
