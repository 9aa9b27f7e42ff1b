"""How gunicorn serves the site in a container: ``gunicorn --config python:hnmproject.gunicorn hnmproject.wsgi``."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import Any

bind = "0.0.0.0:8000"  # inside the container's network; only nginx is published
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Keep-alive connections of nginx would otherwise all land on one worker.
reuse_port = True
# Longer than nginx keeps an idle connection (60 s), so that it is never nginx that finds it closed.
keepalive = 75
timeout = 60
graceful_timeout = 30
max_requests = 10_000
max_requests_jitter = 1_000
worker_tmp_dir = "/dev/shm"  # noqa: S108  # a heartbeat on a slow disk would make a healthy worker look stuck
control_socket_disable = True
reload = os.environ.get("RELOAD", "off") == "on"
# The code is loaded once and shared: a second worker then takes 25 MB rather than 70.
preload_app = not reload
# Where the processes count together (hnmproject.metrics): memory, as /tmp is in a container. Set before they load it.
FIGURES = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", "/tmp/figures"))  # noqa: S108  # the container's own
# The access log is nginx's, and Django's own line has the request id.
accesslog = None


def on_starting(server: Any) -> None:
    """What an earlier master has counted is over."""
    shutil.rmtree(FIGURES, ignore_errors=True)
    FIGURES.mkdir(parents=True)


def when_ready(server: Any) -> None:
    """What is loaded so far stays as it is: the collector would write to each object, and so undo the sharing."""
    if preload_app:
        from hnmproject import preloading

        preloading.load()
    gc.collect()
    gc.freeze()


def pre_fork(server: Any, worker: Any) -> None:
    """Give the new process the first place that nobody has: there it goes on counting."""
    taken = {other.figures_place for other in server.WORKERS.values()}
    worker.figures_place = next(place for place in range(len(taken) + 1) if place not in taken)


def post_fork(server: Any, worker: Any) -> None:
    os.environ["FIGURES_PLACE"] = str(worker.figures_place)
