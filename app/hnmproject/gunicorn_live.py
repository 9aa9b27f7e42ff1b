"""How gunicorn serves WebSockets in a container: ``gunicorn --config python:hnmproject.gunicorn_live hnmproject.asgi``.

One process: it waits and computes nothing, and holds hundreds of sockets at once.
"""

from __future__ import annotations

import os

bind = "0.0.0.0:8000"  # inside the container's network; only nginx is published
worker_class = "asgi"
workers = 1
worker_connections = 2000
timeout = 60
# Sockets have no end to wait for: browsers connect again, to the next process.
graceful_timeout = 5
worker_tmp_dir = "/dev/shm"  # noqa: S108  # a heartbeat on a slow disk would make a healthy worker look stuck
control_socket_disable = True
reload = os.environ.get("RELOAD", "off") == "on"
accesslog = None
