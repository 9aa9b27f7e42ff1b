"""The health checks of the application's containers, as a command of their own.

``python -m tasks.probe heartbeat FILE MAX_AGE [FAILURES]`` for what serves no HTTP, ``python -m tasks.probe http URL``
for what does. Imports nothing of Django or Celery: it runs every few seconds beside the process it looks at.

An engine restarts what ends, and not what is unhealthy. So with FAILURES the probe ends the container's main process
after so many failures in a row, and needs no access to the engine for it.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

USAGE = """\
Usage: python -m tasks.probe heartbeat FILE MAX_AGE_IN_SECONDS [FAILURES_BEFORE_THE_PROCESS_IS_ENDED]
       python -m tasks.probe http URL"""
HTTP_TIMEOUT_SECONDS = 4
BROKER_TIMEOUT_SECONDS = 2
# Before its first heartbeat a process loads its code, and waits for its broker: until then a missing one is no failure.
SECONDS_TO_START = 120
PROC = Path("/proc")


def heartbeat_complaint(path: str, max_age: str, failures: str = "") -> str | None:
    """What is wrong with the heartbeat, or None. With ``failures`` the process is ended after so many in a row."""
    try:
        age = time.time() - Path(path).stat().st_mtime
    except FileNotFoundError:
        problem = f"{path} does not exist: the process has not started, or runs without HEARTBEAT_FILE."
        return _counted(problem, path, failures) if _main_process_age() > SECONDS_TO_START else problem
    if age > float(max_age):
        problem = f"{path} was last touched {age:.0f} s ago, {max_age} s are allowed: the process hangs or has ended."
        return _counted(problem, path, failures)
    _count_file(path).unlink(missing_ok=True)
    return None


def _counted(problem: str, path: str, failures: str) -> str:
    """The complaint, after the process was ended if it was one too many."""
    if not failures:
        return problem
    if not _broker_answers():
        return f"{problem} Its broker does not answer, and no restart would change that."
    count = _failures_so_far(path) + 1
    _count_file(path).write_text(str(count))
    if count < int(failures):
        return f"{problem} That is failure {count} of {failures}."
    _say_and_end(f"{problem} That was failure {count} of {failures}: it is ended, for the engine to start it again.")
    return problem


def _count_file(path: str) -> Path:
    return Path(f"{path}.failures")


def _failures_so_far(path: str) -> int:
    try:
        return int(_count_file(path).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _broker_answers() -> bool:
    """Whether a Redis answers where REDIS_URL says, be it that it wants a password; yes where it says nothing."""
    broker = urlsplit(os.environ.get("REDIS_URL", ""))
    if not broker.hostname:
        return True
    address = (broker.hostname, broker.port or 6379)
    try:
        with socket.create_connection(address, timeout=BROKER_TIMEOUT_SECONDS) as connection:
            if broker.scheme == "rediss":  # without TLS it would not understand us
                return True
            connection.sendall(b"PING\r\n")
            return connection.recv(1) != b""
    except OSError:
        return False


def _say_and_end(message: str) -> None:
    """Into the container's log, beside what the process itself has written: health checks have none of their own."""
    line = message
    if os.environ.get("LOG_FORMAT", "json") == "json":
        line = json.dumps({"level": "error", "event": "process_ended_by_probe", "reason": message})
    with suppress(OSError):
        (PROC / "1/fd/2").write_text(f"{line}\n")
    for pid in _main_processes():
        with suppress(ProcessLookupError):
            # What hangs, or is stopped, hears nothing else. Its jobs have leases, so nothing is lost.
            os.kill(pid, signal.SIGKILL)


def _main_processes() -> list[int]:
    """The children of the small first process, which the kernel protects from us and which ends with them."""
    with suppress(OSError):
        return [int(pid) for pid in (PROC / "1/task/1/children").read_text().split()]
    return []


def _main_process_age() -> float:
    """For how many seconds the container's first process has run; 0 where that cannot be told."""
    try:
        started = (PROC / "1/stat").read_text().rpartition(")")[2].split()[19]
        uptime = (PROC / "uptime").read_text().split()[0]
    except (OSError, IndexError):
        return 0
    return float(uptime) - int(started) / os.sysconf("SC_CLK_TCK")


def http_complaint(url: str) -> str | None:
    """What is wrong with the answer, or None. Asks under SITE_URL's host name: Django refuses any other."""
    parts = urlsplit(url)
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or parts.netloc
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=HTTP_TIMEOUT_SECONDS)
    try:
        connection.request("GET", parts.path, headers={"Host": host})
        response = connection.getresponse()
        body = response.read(300).decode(errors="replace")
    except OSError as error:
        return f"{url} does not answer: {error}"
    finally:
        connection.close()
    return None if response.status == http.HTTPStatus.OK else f"{url} answers {response.status}: {body}"


COMPLAINTS: dict[tuple[str, int], Callable[..., str | None]] = {
    ("heartbeat", 2): heartbeat_complaint,
    ("heartbeat", 3): heartbeat_complaint,
    ("http", 1): http_complaint,
}


def main(arguments: list[str]) -> int:
    kind, *details = arguments or [""]
    complaint = COMPLAINTS.get((kind, len(details)))
    if complaint is None:
        print(USAGE, file=sys.stderr)  # noqa: T201  # a command line tool
        return 2
    problem = complaint(*details)
    if problem:
        print(problem, file=sys.stderr)  # noqa: T201
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
