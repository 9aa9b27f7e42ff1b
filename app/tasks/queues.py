"""Where work waits: the one table of queues and of what goes into which."""

from __future__ import annotations

from typing import Final

from kombu import Queue

DEFAULT: Final = "default"  # ordinary work of seconds
BULK: Final = "bulk"  # long or plentiful work that must not keep ordinary work waiting: imports, pictures
IO: Final = "io"  # work that mostly waits for somebody else's server: mail, payments

NAMES: Final = (DEFAULT, BULK, IO)
QUEUES: Final = tuple(Queue(name, routing_key=name) for name in NAMES)

# `tasks.run_job` is not here: it is sent to the queue of its job's kind.
ROUTES: Final = {
    # Beside the mails: their worker has many threads, so long imports cannot hold up the recovery of everything else.
    "tasks.sweep": {"queue": IO},
    "tasks.clean_jobs": {"queue": DEFAULT},
    "ecommerce.close_overdue_orders": {"queue": DEFAULT},
    "ecommerce.reconcile_payments": {"queue": DEFAULT},
    "ecommerce.complete_orders": {"queue": DEFAULT},
    "ecommerce.tell_of_low_stock": {"queue": DEFAULT},
}
