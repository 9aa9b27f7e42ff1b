"""Kinds of jobs that only tests know. The workers of the process tests load them too (``--include``)."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tasks.services import jobs

LONG_ENOUGH = 60.0  # seconds, after which a job whose test is gone ends by itself
_never = threading.Event()


@jobs.handler("tests.echo")
def echo(job: jobs.RunningJob, *, word: str = "") -> dict[str, str]:
    return {"word": word}


@jobs.handler("tests.fail", max_attempts=3)
def fail(job: jobs.RunningJob) -> None:
    raise RuntimeError("The shelf is empty.")


@jobs.handler("tests.give_up")
def give_up(job: jobs.RunningJob) -> None:
    raise jobs.GiveUp("No such shelf.")


@jobs.handler("tests.count", queue="bulk")
def count(job: jobs.RunningJob, *, total: int) -> None:
    for step in range(1, total + 1):
        job.progress(step, total, f"Step {step}")


@jobs.handler("tests.write", queue="io")
def write(job: jobs.RunningJob, *, path: str) -> None:
    """An effect that shows how often it happened."""
    note(path, f"job {job.id}")


@jobs.handler("tests.wait_then_write", queue="default", max_attempts=3)
def wait_then_write(job: jobs.RunningJob, *, path: str, gate: str) -> dict[str, int]:
    """Waits until the gate's file exists, at a checkpoint, and only then has its effect."""
    note(path, f"attempt {job.attempt} began")
    try:
        _wait_for(job, Path(f"{gate}-{job.attempt}"))
    except jobs.LeaseLost:
        note(path, f"attempt {job.attempt} stopped")
        raise
    note(path, f"attempt {job.attempt} acted")
    return {"attempt": job.attempt}


@jobs.handler("tests.wait_in_bulk", queue="bulk")
def wait_in_bulk(job: jobs.RunningJob, *, path: str, gate: str) -> dict[str, int]:
    return wait_then_write(job, path=path, gate=gate)


def _wait_for(job: jobs.RunningJob, gate: Path) -> None:
    deadline = time.monotonic() + LONG_ENOUGH
    while not gate.exists():
        job.progress(0)
        if time.monotonic() > deadline:
            raise TimeoutError(gate)
        _never.wait(0.02)


def note(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{line}\n")
