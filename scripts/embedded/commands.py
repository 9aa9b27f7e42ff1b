"""What people ask of an embedded shop beside running it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from . import valkey
from .place import EmbeddedError, Place, setting
from .sqlite_console import converse

SECONDS_TO_STOP = 15


def manage(place: Place, arguments: list[str]) -> int:
    """Run a Django command with the running shop's services, or with a Valkey server of its own."""
    with _services(place) as environment:
        # Ctrl-C is the command's to handle (a shell lives on after it): ignored here, and not inherited by it.
        signal.signal(signal.SIGINT, lambda number, frame: None)
        command = [sys.executable, str(place.app / "manage.py"), *arguments]
        return subprocess.run(command, env=os.environ | environment, check=False).returncode


def dbshell(place: Place, arguments: list[str]) -> int:
    """Django's own dbshell, which needs the database's client program; for SQLite there is one here."""
    database = setting("DATABASE_URL") or f"sqlite:///{place.var / 'db.sqlite3'}"
    if not database.startswith("sqlite:") or shutil.which("sqlite3"):
        return manage(place, ["dbshell", *arguments])
    return converse(Path(database.removeprefix("sqlite:///")))


@contextlib.contextmanager
def _services(place: Place) -> Iterator[dict[str, str]]:
    record = place.running()
    if record is not None:
        yield dict(record["environment"])
        return
    place.var.mkdir(parents=True, exist_ok=True)
    port = valkey.free_port()
    server = subprocess.Popen(valkey.command(place, port), stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        valkey.wait_until_it_answers(port)
        yield place.environment(port)
    finally:
        server.terminate()
        server.wait()


def where(place: Place, arguments: list[str]) -> int:
    print(place.var)
    return 0


def ps(place: Place, arguments: list[str]) -> int:
    record = place.running()
    if record is None:
        print("Nothing runs: start it with “make run”.")
        return 0
    print(f"{record['address']} (data in {place.var})")
    print(f"{'PROCESS':<12}{'PID':>8}{'MEMORY':>10}")
    print(f"{'manager':<12}{record['pid']:>8}{_memory_of([record['pid']]):>10}")
    for name, pid in record["processes"].items():
        print(f"{name:<12}{pid:>8}{_memory_of([pid, *_children_of(pid)]):>10}")
    return 0


def _memory_of(pids: list[int]) -> str:
    """What these processes hold, shared pages counted once, where Linux tells."""
    try:
        kilobytes = sum(_proportional_size(pid) for pid in pids)
    except OSError:
        return "-"
    return f"{kilobytes / 1024:.0f} MB"


def _children_of(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _proportional_size(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def stop(place: Place, arguments: list[str]) -> int:
    record = place.running()
    if record is None:
        print("Nothing runs.")
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(record["pid"], signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    while place.is_running():
        if time.monotonic() > deadline:
            raise EmbeddedError(f"process {record['pid']} does not stop: end it with “kill -9 {record['pid']}”.")
        time.sleep(0.05)
    print("Stopped.")
    return 0
