"""The promises of the durable jobs, kept by real processes that are killed, frozen and robbed of their broker."""

from __future__ import annotations

import contextlib
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone

from tasks import queues
from tasks.models import Job
from tasks.schedules import SCHEDULES
from tasks.services import jobs, schedule_mirror
from tasks.services.sweep import sweep
from tasks.tests.processes import SWEEP_SECONDS, Group, Line, Processes, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(settings):
    """This test's own logical database of the broker, emptied before and after."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def processes(tmp_path, broker, settings):
    settings.JOB_SWEEP_SECONDS = SWEEP_SECONDS
    running = Processes(tmp_path)
    try:
        yield running
    finally:
        running.stop_all()
        print(running.logs())  # noqa: T201  # pytest shows it where the test fails


@pytest.fixture
def diary(tmp_path):
    """The file in which the jobs of the test note what they do."""
    path = tmp_path / "diary"
    path.touch()
    return path


def lines(diary: Path) -> list[str]:
    return diary.read_text().splitlines()


def wait_for_state(job: Job, state: Job.State) -> None:
    wait_until(lambda: Job.objects.filter(pk=job.pk, state=state).exists(), f"{job} is {state}")


def wait_for_lease_to_lapse(job: Job) -> None:
    lapsed = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    wait_until(lambda: lapsed.filter(lease_until__lte=timezone.now()).exists(), f"the lease of {job} lapses")


def open_gate(gate: Path, attempt: int) -> None:
    gate.with_name(f"{gate.name}-{attempt}").touch()


def freeze(worker: Group, job: Job) -> None:
    """Not while it holds a lock on the row (or, in SQLite, on the whole database): that would freeze everybody."""
    while True:
        worker.signal(signal.SIGSTOP)
        with contextlib.suppress(OperationalError):
            Job.objects.filter(pk=job.pk).update(kind=F("kind"))
            return
        worker.signal(signal.SIGCONT)


def test_a_job_survives_the_killing_of_its_worker(processes, diary, tmp_path):
    gate = tmp_path / "gate"
    job = jobs.enqueue("tests.wait_then_write", path=str(diary), gate=str(gate))
    first = processes.worker()
    wait_until(lambda: lines(diary) == ["attempt 1 began"], "the first worker begins")

    first.kill()
    open_gate(gate, 2)
    wait_for_lease_to_lapse(job)
    assert sweep() == 1
    processes.worker()
    wait_for_state(job, Job.State.DONE)

    job.refresh_from_db()
    assert lines(diary) == ["attempt 1 began", "attempt 2 began", "attempt 2 acted"]
    assert (job.attempts, job.result) == (2, {"attempt": 2})


def test_a_living_worker_renews_its_lease(processes, diary, tmp_path):
    gate = tmp_path / "gate"
    job = jobs.enqueue("tests.wait_then_write", path=str(diary), gate=str(gate))
    worker = processes.worker()
    wait_until(lambda: lines(diary) == ["attempt 1 began"], "the worker begins")
    job.refresh_from_db()
    first_end = job.lease_until

    renewed = Job.objects.filter(pk=job.pk, lease=job.lease, lease_until__gt=first_end)
    wait_until(renewed.exists, "it renews its lease")
    open_gate(gate, 1)
    wait_for_state(job, Job.State.DONE)
    assert lines(diary) == ["attempt 1 began", "attempt 1 acted"]
    assert worker.heartbeat.exists()


def test_an_emptied_broker_loses_nothing(processes, diary, broker):
    """Beat and workers run all the while; nobody helps them."""
    schedule_mirror.mirror([replace(schedule, every=_every(schedule)) for schedule in SCHEDULES])
    beat = processes.beat()
    asked = [jobs.enqueue("tests.write", path=str(diary)) for _ in range(20)]
    assert broker.llen(queues.IO) >= 20
    broker.flushdb()

    processes.worker("-Q", "default,bulk")
    processes.worker("-Q", "io", "--pool=threads")
    wait_until(lambda: len(lines(diary)) >= 20, "all twenty jobs are done")
    wait_until(lambda: not Job.objects.filter(state__in=Job.UNFINISHED).exists(), "all are recorded")
    assert sorted(lines(diary)) == sorted(f"job {job.pk}" for job in asked)

    broker.flushdb()  # once more, under the feet of workers that listen
    later = jobs.enqueue("tests.write", path=str(diary))
    wait_for_state(later, Job.State.DONE)
    assert beat.heartbeat.exists()


def _every(schedule):
    return timedelta(seconds=SWEEP_SECONDS) if schedule.task == "tasks.sweep" else schedule.every


def test_a_frozen_worker_does_not_act_on_a_job_that_was_taken_over(processes, diary, tmp_path):
    gate = tmp_path / "gate"
    job = jobs.enqueue("tests.wait_then_write", path=str(diary), gate=str(gate))
    frozen = processes.worker()
    wait_until(lambda: lines(diary) == ["attempt 1 began"], "the first worker begins")

    freeze(frozen, job)
    wait_for_lease_to_lapse(job)
    open_gate(gate, 2)
    processes.worker()
    assert sweep() == 1
    wait_for_state(job, Job.State.DONE)
    done = Job.objects.values().get(pk=job.pk)

    frozen.signal(signal.SIGCONT)
    wait_until(lambda: "attempt 1 stopped" in lines(diary), "the thawed worker stops")
    wait_until(lambda: frozen.said("lease lost"), "it logs that it did")
    assert lines(diary) == ["attempt 1 began", "attempt 2 began", "attempt 2 acted", "attempt 1 stopped"]
    assert Job.objects.values().get(pk=job.pk) == done


def test_a_worker_that_is_told_to_end_gives_its_long_job_back_at_once(processes, diary, tmp_path, broker):
    gate = tmp_path / "gate"
    job = jobs.enqueue("tests.wait_then_write", path=str(diary), gate=str(gate))
    first = processes.worker()
    wait_until(lambda: lines(diary) == ["attempt 1 began"], "the first worker begins")

    first.end()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease) == (Job.State.QUEUED, 0, "")
    open_gate(gate, 1)
    processes.worker()  # nobody sweeps: the worker has sent it again itself
    wait_for_state(job, Job.State.DONE)
    assert lines(diary) == ["attempt 1 began", "attempt 1 began", "attempt 1 acted"]


def test_a_worker_that_was_killed_takes_up_its_jobs_when_it_is_back(processes, diary, tmp_path):
    gate = tmp_path / "gate"
    job = jobs.enqueue("tests.wait_then_write", path=str(diary), gate=str(gate))
    first = processes.worker()
    wait_until(lambda: lines(diary) == ["attempt 1 began"], "the first worker begins")
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(hours=1))

    first.kill()
    open_gate(gate, 2)
    again = processes.worker("-n", first.address)
    wait_for_state(job, Job.State.DONE)
    assert again.said("jobs_freed")
    assert lines(diary) == ["attempt 1 began", "attempt 2 began", "attempt 2 acted"]


def test_ordinary_work_and_what_waits_for_the_network_go_past_any_amount_of_bulk(processes, diary, tmp_path):
    gate = tmp_path / "gate"
    bulk = [jobs.enqueue("tests.wait_in_bulk", path=str(diary), gate=str(gate)) for _number in range(20)]
    for pool in queues.POOLS:
        processes.worker("--queues", pool.option, "--pool", pool.kind)
    wait_until(lambda: lines(diary) == ["attempt 1 began"], "the only child of the one worker does a bulk job")

    for kind in ["tests.echo", "tests.write"]:
        arguments = {"path": str(diary)} if kind == "tests.write" else {}
        wait_for_state(jobs.enqueue(kind, **arguments), Job.State.DONE)
    unfinished = Job.objects.filter(pk__in=[job.pk for job in bulk], state__in=Job.UNFINISHED)
    assert unfinished.count() == len(bulk)
    open_gate(gate, 1)
    wait_until(lambda: not unfinished.exists(), "bulk has its turn too")


@pytest.fixture
def line(settings, broker):
    through = Line(settings.REDIS_URL)
    yield through
    through.close()


def test_a_worker_that_could_not_acknowledge_takes_work_again(processes, diary, tmp_path, line):
    """With the one place for messages that it has, it would look alive and wait for ever."""
    gate = tmp_path / "gate"
    job = jobs.enqueue("tests.wait_then_write", path=str(diary), gate=str(gate))
    # Its own heartbeat, should that come first, waits until the broker is back; the acknowledgement after it succeeds.
    worker = processes.worker("--without-heartbeat", REDIS_URL=line.url)
    wait_until(lambda: lines(diary) == ["attempt 1 began"], "the worker begins")

    line.cut()
    open_gate(gate, 1)
    wait_for_state(job, Job.State.DONE)
    wait_until(lambda: worker.said("Couldn't ack"), "the acknowledgement fails")
    line.mend()

    wait_for_state(jobs.enqueue("tests.echo"), Job.State.DONE)
    assert worker.said("worker_blocked")
    assert lines(diary) == ["attempt 1 began", "attempt 1 acted"]
