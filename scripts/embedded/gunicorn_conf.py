"""gunicorn's configuration in embedded mode: one process that reloads at SIGHUP.

It holds its port and loads the code while the database is still being prepared, and answers from the moment it is.
"""

import os
import time
from pathlib import Path

from gunicorn.workers.base import Worker

bind = os.environ["HNM_BIND"]
worker_class = "asgi"
workers = 1
control_socket_disable = True
# Open tabs hold connections: a reload does not wait for them longer than this.
graceful_timeout = 2
timeout = 300  # a breakpoint may stop the process for a while
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # the kernel's, not a guess

_PREPARED = Path(os.environ["HNM_PREPARED"])


def post_worker_init(worker: Worker) -> None:
    while not _PREPARED.exists() and worker.ppid == os.getppid():
        worker.notify()
        time.sleep(0.02)
