from __future__ import annotations

from datetime import timedelta

import pytest
from celery import Celery
from django.db import DatabaseError
from django.utils import timezone

from tasks import heartbeat, queues, selectors
from tasks.models import Job, Process
from tasks.services import presence
from tasks.tests.making import a_job
from tasks.tests.processes import Processes, wait_until

pytestmark = pytest.mark.django_db


def a_worker(name="worker@a", *, queues="default,bulk", ago=0):
    seen = timezone.now() - timedelta(seconds=ago)
    return Process.objects.create(name=name, role="worker", queues=queues, started=seen, seen=seen)


def test_a_process_has_one_row_that_is_written_anew(django_assert_num_queries):
    presence.note(name="worker@a", role="worker", queues=["default", "bulk"])
    Process.objects.update(seen=timezone.now() - timedelta(minutes=5))
    with django_assert_num_queries(1):
        presence.note(name="worker@a", role="worker", queues=["io"])
    row = Process.objects.get()
    assert (row.name, row.served) == ("worker@a", ["io"])
    assert timezone.now() - row.seen < timedelta(seconds=10)


def test_it_is_written_every_few_seconds_and_not_oftener(django_assert_num_queries):
    living = heartbeat.Presence(name="beat@a", role="beat")
    living.note()
    with django_assert_num_queries(0):
        living.note()


def test_a_database_that_is_away_stops_no_heart(monkeypatch):
    def away(**kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(presence, "note", away)
    monkeypatch.setattr(heartbeat.connection, "close", lambda: None)  # the test's own
    heartbeat.Presence(name="beat@a", role="beat").note()


def test_who_leaves_is_not_missed():
    a_worker("worker@a")
    a_worker("worker@b")
    presence.leave(name="worker@a")
    assert [row.name for row in Process.objects.all()] == ["worker@b"]


def test_who_was_killed_long_ago_is_forgotten():
    a_worker("worker@old", ago=2 * 24 * 3600)
    a_worker("worker@new", ago=3600)
    assert presence.forget_old() == 1
    assert Process.objects.get().name == "worker@new"


def test_only_who_was_seen_within_a_minute_counts():
    a_worker("worker@a", ago=10)
    a_worker("worker@b", ago=90)
    figures = selectors.process_figures()
    assert [worker.name for worker in figures.workers] == ["worker@a"]
    assert (figures.beat_ticked, figures.beat_silence) == (None, None)


def test_beats_last_tick():
    presence.note(name="beat@a", role="beat")
    assert selectors.process_figures().beat_silence < timedelta(seconds=10)


def test_figures_of_each_queue(django_assert_num_queries):
    a_job(queue=queues.BULK, run_after=timezone.now() - timedelta(minutes=3))
    a_job(queue=queues.BULK)
    a_job(queue=queues.IO, run_after=timezone.now() + timedelta(hours=1))
    a_job(queue=queues.DEFAULT, state=Job.State.RUNNING)
    workers = [a_worker("worker@a"), a_worker("worker@b", queues="default")]
    with django_assert_num_queries(1):
        default, bulk, io = selectors.queue_figures(workers)
    assert (default.due, default.oldest_due, default.workers) == (0, None, 2)
    assert (bulk.due, bulk.workers) == (2, 1)
    assert timedelta(minutes=3) <= bulk.oldest_due < timedelta(minutes=4)
    assert (io.due, io.workers) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_says_that_it_lives_and_when_it_goes(tmp_path):
    processes = Processes(tmp_path)
    try:
        worker = processes.worker("--queues", "io")
        wait_until(lambda: Process.objects.filter(name=worker.address, queues="io").exists(), "it is seen")
        worker.end()
        wait_until(lambda: not Process.objects.filter(name=worker.address).exists(), "it has taken its leave")
    finally:
        processes.stop_all()
        print(processes.logs())  # noqa: T201  # pytest shows it where the test fails


def test_beat_says_when_it_ticks(monkeypatch):
    from tasks import beat

    scheduler = beat.Scheduler(app=Celery("tests", set_as_current=False), lazy=True)
    monkeypatch.setattr("django_celery_beat.schedulers.DatabaseScheduler.tick", lambda self: 5.0)
    scheduler.tick()
    assert Process.objects.get().role == Process.Role.BEAT
