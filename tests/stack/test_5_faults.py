"""Faults while 500 jobs of mixed kinds run: each is done once in effect, and nobody restarts anything by hand.

What runs is what production runs. The times to recovery are printed, and no limit is put on them but patience.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.environment import wait_until
from tests.stack.stack import Stack

JOBS = 500
LEASE_SECONDS, SWEEP_SECONDS = 15, 5
PATIENCE = 300  # seconds
UNFINISHED = "SELECT COUNT(*) FROM tasks_job WHERE state IN ('queued', 'running') AND run_after <= UTC_TIMESTAMP(6)"
KILL_CHILD = """
import os, pathlib
children = lambda pid: pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
os.kill(int(children(children(1)[0])[-1]), 9)
"""
STOP_CHILDREN = """
import os, pathlib
children = lambda pid: pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
[os.kill(int(child), 19) for child in children(children(1)[0])]
"""


class Trial:
    """500 jobs in the stack, and how far they have come."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def start(self) -> None:
        """Returns with a tenth of the jobs done, and most of them still to come."""
        for _try in range(3):
            self.stack.execute("web", "python", "manage.py", "trial", str(JOBS))
            wait_until(lambda: self.effects() > JOBS // 10, seconds=PATIENCE, what="a tenth of the jobs is done")
            if self.effects() < JOBS * 9 // 10:
                return
            # A machine that stood still for ten seconds: too late for a fault.
            wait_until(self.is_over, seconds=PATIENCE, what="every job has ended")
        raise AssertionError("the jobs are done before anybody can look")

    def effects(self) -> int:
        return int(self.stack.query("SELECT COUNT(*) FROM trial_effect") or 0)

    def is_over(self) -> bool:
        unfinished = "SELECT COUNT(*) FROM tasks_job WHERE kind LIKE 'trial.%' AND state IN ('queued', 'running')"
        return self.stack.query(unfinished) == "0"

    def unfinished(self) -> str:
        """The jobs that have not ended, and what the workers said last."""
        rows = (
            "SELECT id, kind, queue, state, attempts, worker, sent_at, run_after, started, lease_until, UTC_TIMESTAMP()"
            " FROM tasks_job WHERE kind LIKE 'trial.%' AND state IN ('queued', 'running') LIMIT 20"
        )
        said = self.stack.compose("logs", "--tail", "60", "worker", "worker-io", "beat", check=False)
        return f"{self.stack.query(rows)}\n{self.stack.compose('ps', check=False)}\n{said}"

    def assert_each_was_done_once(self) -> None:
        try:
            wait_until(self.is_over, seconds=PATIENCE, what="every job has ended")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.unfinished()}") from None
        states = self.stack.query("SELECT state, COUNT(*) FROM tasks_job WHERE kind LIKE 'trial.%' GROUP BY state")
        assert states.split() == ["done", str(JOBS)], states
        assert self.effects() == JOBS
        assert int(self.stack.query("SELECT SUM(done) FROM trial_tally")) == JOBS

    def repeated(self) -> int:
        """How many jobs were begun once more because of the fault."""
        return int(self.stack.query("SELECT COUNT(*) FROM trial_beginning")) - JOBS

    def restarts(self, service: str) -> int:
        counted = subprocess.run(
            ["docker", "inspect", "--format", "{{.RestartCount}}", self.stack.container(service)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return int(counted.stdout)

    @contextmanager
    def network_cut(self, service: str, other: str) -> Iterator[None]:
        """Packets between the two containers vanish, without a word to either."""
        address = self.stack.execute(service, "python", "-c", f"import socket; print(socket.gethostbyname({other!r}))")
        inspected = subprocess.run(
            ["docker", "inspect", "--format", "{{.State.Pid}}", self.stack.container(service)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        inside = ["nsenter", "--target", inspected.stdout.strip(), "--net", "iptables", "--wait"]
        rules = [["OUTPUT", "-d", address.strip()], ["INPUT", "-s", address.strip()]]
        for rule in rules:
            subprocess.run([*inside, "-I", *rule, "-j", "DROP"], check=True, capture_output=True)
        try:
            yield
        finally:
            for rule in rules:
                subprocess.run([*inside, "-D", *rule, "-j", "DROP"], check=True, capture_output=True)


@pytest.fixture(scope="module")
def trial(stack: Stack) -> Trial:
    """The stack as it is served, with the jobs of the trial and times that a test can wait for."""
    shutil.copytree(Path(__file__).with_name("trial"), stack.folder / "app/trial", dirs_exist_ok=True)
    settings = stack.folder / "app/hnmproject/settings.py"
    addition = '\nINSTALLED_APPS += ["trial"]\n'
    if addition not in settings.read_text():
        settings.write_text(settings.read_text() + addition)
    stack.serve_the_image()
    stack.extra |= {"JOB_LEASE_SECONDS": str(LEASE_SECONDS), "JOB_SWEEP_SECONDS": str(SWEEP_SECONDS)}
    stack.make("up")
    running = Trial(stack)
    # A shop that has just been made draws its pictures first.
    wait_until(lambda: stack.query(UNFINISHED) == "0", seconds=2 * PATIENCE, what="nothing else is to be done")
    return running


@pytest.fixture
def during(trial: Trial, tell: Callable[[str], None]) -> Callable[[str, Callable[[], None]], None]:
    """Start the jobs, do something to the stack, and see that all is well in the end."""

    def check(name: str, fault: Callable[[], None]) -> None:
        trial.start()
        fault()
        ended, done = time.monotonic(), trial.effects()
        wait_until(lambda: trial.effects() > done or trial.is_over(), seconds=PATIENCE, what="work goes on")
        recovered = time.monotonic() - ended
        trial.assert_each_was_done_once()
        finished = time.monotonic() - ended
        tell(
            f"{name}: work goes on after {recovered:.1f} s, all {JOBS} jobs are done after {finished:.1f} s; "
            f"{trial.repeated()} were begun again"
        )

    return check


def test_nothing_happens(during):
    """The yardstick of the others."""
    during("no fault", lambda: None)


def test_a_child_of_the_worker_is_killed(trial, during):
    during("child of the worker killed", lambda: trial.stack.execute("worker", "python", "-c", KILL_CHILD))


@pytest.mark.parametrize("service", ["worker", "worker-io", "beat"])
def test_a_container_is_killed_and_comes_back_by_itself(trial, during, service):
    before = trial.restarts(service)
    during(f"{service} killed", lambda: trial.stack.kill(service))
    wait_until(lambda: trial.restarts(service) == before + 1, seconds=60, what=f"{service} is restarted")
    trial.stack.wait_for_health(service)


def test_redis_is_restarted(trial, during):
    during("Redis restarted", lambda: trial.stack.compose("restart", "redis"))


def test_redis_is_emptied(trial, during):
    during("Redis emptied", lambda: trial.stack.execute("redis", "redis-cli", "FLUSHALL"))


def test_mysql_is_restarted(trial, during):
    during("MySQL restarted", lambda: trial.stack.compose("restart", "db"))


@pytest.mark.parametrize("seconds", [20, 180])
def test_the_network_between_the_workers_and_redis_is_cut(trial, during, seconds):
    def cut() -> None:
        with trial.network_cut("worker", "redis"), trial.network_cut("worker-io", "redis"):
            time.sleep(seconds)  # it is the length of the cut that is tested

    during(f"network to Redis cut for {seconds} s", cut)
    for service in ("worker", "worker-io"):
        trial.stack.wait_for_health(service)


def test_a_worker_is_frozen_for_longer_than_its_leases(trial, during):
    def freeze() -> None:
        trial.stack.pause("worker")
        time.sleep(2 * LEASE_SECONDS)  # the leases lapse meanwhile
        trial.stack.unpause("worker")

    during("worker frozen", freeze)


def test_idle_children_of_the_worker_hang(trial, tell):
    """Its main process lives, and hands them messages that nobody takes: it notices by itself, and is started again."""
    before = trial.restarts("worker")
    trial.stack.execute("worker", "python", "-c", STOP_CHILDREN)
    began = time.monotonic()
    trial.start()
    wait_until(lambda: trial.restarts("worker") > before, seconds=PATIENCE, what="worker is started again")
    tell(f"children of the worker hang: it is started again after {time.monotonic() - began:.1f} s")
    trial.assert_each_was_done_once()
