"""Where work waits: the one table of queues and of what goes into which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kombu import Queue

DEFAULT: Final = "default"  # ordinary work of seconds
BULK: Final = "bulk"  # long or plentiful work that must not keep ordinary work waiting: imports, pictures
IO: Final = "io"  # work that mostly waits for somebody else's server: mail, payments

NAMES: Final = (DEFAULT, BULK, IO)


@dataclass(frozen=True, order=True)
class Pool:
    """Processes that serve queues: the first that has something to do comes first."""

    service: str
    kind: str
    queues: tuple[str, ...]

    @property
    def option(self) -> str:
        """As Celery's option --queues has it."""
        return ",".join(self.queues)


# Ordinary work has two places to be done in, so that long imports in all children of the one do not keep it waiting;
# what waits for the network has one that nothing long is ever done in.
POOLS: Final = (
    Pool("worker", "prefork", (DEFAULT, BULK)),
    Pool("worker-io", "threads", (IO, DEFAULT)),
)
QUEUES: Final = tuple(Queue(name, routing_key=name) for name in NAMES)

# `tasks.run_job` is not here: it is sent to the queue of its job's kind.
ROUTES: Final = {
    # Beside the mails: their worker has many threads, so long imports cannot hold up the recovery of everything else.
    "tasks.sweep": {"queue": IO},
    "tasks.clean_jobs": {"queue": DEFAULT},
    "core.publish_scheduled": {"queue": DEFAULT},
    "core.delete_old_sessions": {"queue": DEFAULT},
    "hnmproject.daily_summary": {"queue": DEFAULT},
    # It reads gigabytes.
    "hnmproject.look_at_backups": {"queue": BULK},
    "ecommerce.publish_scheduled": {"queue": DEFAULT},
    "ecommerce.delete_old_carts": {"queue": DEFAULT},
    "ecommerce.close_overdue_orders": {"queue": DEFAULT},
    "ecommerce.reconcile_payments": {"queue": DEFAULT},
    "ecommerce.complete_orders": {"queue": DEFAULT},
    "ecommerce.tell_of_low_stock": {"queue": DEFAULT},
    "ecommerce.forget_buyers": {"queue": DEFAULT},
    "core.delete_old_records": {"queue": DEFAULT},
    "users.delete_due_accounts": {"queue": DEFAULT},
}
