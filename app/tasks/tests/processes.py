"""Real workers and a real beat for tests, in process groups of their own, none of which outlives its test.

They get this test's database and broker, whatever these are: SQLite and Valkey here, MySQL and Redis in containers.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection

DEADLINE = 90.0  # seconds: generous, for a busy machine; a condition that is met ends the wait
LEASE_SECONDS = 3
SWEEP_SECONDS = 1
_never = threading.Event()


def wait_until(condition: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"In {DEADLINE:.0f} s it did not happen that {what}.")
        _never.wait(0.05)


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "VAR_DIR": str(settings.VAR_DIR),
        "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "JOB_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "json",
        "PYTHONPATH": str(settings.APP_DIR),
    }


def _database_url() -> str:
    """The database of the test run, which has another name than the one in the settings."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{chosen['NAME']}"
    secret = quote(chosen["PASSWORD"], safe="")
    return f"{connection.vendor}://{chosen['USER']}:{secret}@{chosen['HOST']}:{chosen['PORT'] or 3306}/{chosen['NAME']}"


def command_of(role: str, *options: str) -> list[str]:
    module = ["tasks.flower_app"] if role == "flower" else ["hnmproject.celery_process", role]
    return [sys.executable, "-m", *module, *options]


class Group:
    """A process with its children."""

    def __init__(self, name: str, command: list[str], log: Path, variables: dict[str, str]) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command_of(*command),
                cwd=settings.APP_DIR,
                env={
                    **environment(),
                    "DJANGO_SETTINGS_MODULE": f"hnmproject.{'beat_settings' if command[0] == 'beat' else 'settings'}",
                    "HEARTBEAT_FILE": str(log.with_suffix(".heartbeat")),
                    **variables,
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.name = name
        self.address = f"{name}@test"

    def signal(self, number: signal.Signals) -> None:
        """To all of them: the children would not hear of a signal to their parent that it cannot catch."""
        os.killpg(self._process.pid, number)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.signal(signal.SIGKILL)
        self._process.wait(timeout=10)

    def end(self) -> None:
        """As an engine ends it: its first process is told to, and has its time."""
        self._process.terminate()
        self._process.wait(timeout=DEADLINE)

    def said(self, text: str) -> bool:
        return text in self.log.read_text(errors="replace")

    @property
    def heartbeat(self) -> Path:
        return self.log.with_suffix(".heartbeat")


class Processes:
    """Starts them, and ends every one when the test ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Group] = []

    def worker(self, *options: str, **variables: str) -> Group:
        """It says hello to no other: that saves a second."""
        name = f"worker{len(self._started)}"
        alone = ["--without-mingle", "--without-gossip"]
        command = ["worker", "-n", f"{name}@test", "--concurrency=1", "--include=tasks.tests.kinds"]
        return self._start(name, [*command, *alone, *options], **variables)

    def beat(self) -> Group:
        return self._start("beat", ["beat"])

    def flower(self, *options: str) -> Group:
        return self._start(f"flower{len(self._started)}", ["flower", *options])

    def stop_all(self) -> None:
        for group in self._started:
            group.kill()

    def logs(self) -> str:
        return "\n".join(f"== {group.name}\n{group.log.read_text(errors='replace')}" for group in self._started)

    def _start(self, name: str, command: list[str], **variables: str) -> Group:
        group = Group(name, command, self._folder / f"{name}.log", variables)
        self._started.append(group)
        return group


class Line:
    """The network between a worker and its broker, which can be cut: nothing arrives, and nobody can connect."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._flows = threading.Event()
        self._flows.set()
        self._sockets: list[socket.socket] = []
        self._port = 0
        self._listen()

    @property
    def url(self) -> str:
        return self._target._replace(netloc=f"127.0.0.1:{self._port}").geturl()

    def cut(self) -> None:
        self._flows.clear()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def mend(self) -> None:
        self._listen()
        self._flows.set()

    def close(self) -> None:
        self._flows.set()
        for each in [self._listener, *self._sockets]:
            each.close()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _address = listener.accept()
                far = socket.create_connection((self._target.hostname, self._target.port))
                self._sockets += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._flows.wait()
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
