"""Keeping a lease alive while its job is worked on."""

from __future__ import annotations

import threading
from types import TracebackType

import structlog
from django.conf import settings
from django.db import connection

from tasks.services import claiming

log = structlog.get_logger(__name__)


class LeaseKeeper:
    """Renews a lease from a thread of its own, on its own database connection, for as long as the block runs."""

    def __init__(self, *, job_id: int, lease: str) -> None:
        self._job_id = job_id
        self._lease = lease
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease-{job_id}", daemon=True)

    @property
    def lost(self) -> bool:
        return self._lost.is_set()

    def __enter__(self) -> LeaseKeeper:
        # Inside a transaction (in a test) no other process sees the job, nor would the thread's connection.
        if not connection.in_atomic_block:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        try:
            while not self._stop.wait(settings.JOB_LEASE_SECONDS / 3):
                if not self._renew():
                    self._lost.set()
                    return
        finally:
            connection.close()

    def _renew(self) -> bool:
        try:
            return claiming.renew(job_id=self._job_id, lease=self._lease)
        except Exception as error:  # the database may be back at the next turn, before the lease ends
            log.warning("lease_not_renewed", job_id=self._job_id, error=repr(error))
            connection.close()
            return True
