from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from tasks import queues
from tasks.models import Job
from tasks.services import cleanup, doorbell
from tasks.services import sweep as sweeping
from tasks.services.sweep import sweep
from tasks.tests.making import a_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(settings):
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(*queues.NAMES)
    yield client
    client.delete(*queues.NAMES)
    client.close()


@pytest.fixture
def sent(monkeypatch, broker):
    """The ids that were sent, each also as a message in its queue."""
    ids = []

    def record(args, queue, **options):
        ids.append(args[0])
        broker.rpush(queue, "message")

    monkeypatch.setattr("tasks.tasks.run_job.apply_async", record)
    return ids


def long_ago(**ago):
    return timezone.now() - timedelta(**ago)


def test_sends_what_was_never_sent_oldest_first(sent):
    newer = a_job(run_after=long_ago(minutes=1))
    older = a_job(run_after=long_ago(minutes=2))
    assert sweep() == 2
    assert sent == [older.pk, newer.pk]
    assert not Job.objects.filter(sent_at=None).exists()


def test_sends_jobs_whose_worker_is_gone(sent):
    gone = a_job(state=Job.State.RUNNING, lease="old", lease_until=long_ago(seconds=1), sent_at=long_ago(minutes=2))
    a_job(state=Job.State.RUNNING, lease="living", lease_until=timezone.now() + timedelta(seconds=30))
    sweep()
    assert sent == [gone.pk]


def test_leaves_what_is_not_due_or_has_ended(sent):
    a_job(run_after=timezone.now() + timedelta(minutes=1))
    a_job(state=Job.State.DONE)
    a_job(state=Job.State.FAILED)
    a_job(state=Job.State.CANCELLED)
    assert sweep() == 0


def test_leaves_what_was_sent_a_moment_ago(sent):
    a_job(sent_at=long_ago(seconds=1))
    assert sweep() == 0


def test_does_not_send_a_backlog_again_whose_messages_wait(sent, broker):
    for _ in range(3):
        a_job(sent_at=long_ago(hours=1))
        broker.rpush("default", "message")
    assert sweep() == 0


def test_sends_as_many_as_messages_are_missing(sent, broker):
    for minutes in (3, 2, 1):
        a_job(run_after=long_ago(minutes=minutes), sent_at=long_ago(hours=1))
    broker.rpush("default", "message")
    assert sweep() == 2
    assert sweep() == 0


def test_queues_do_not_hide_each_other(sent, broker):
    broker.rpush("default", "message", "message", "message")
    mail = a_job(queue="io", sent_at=long_ago(hours=1))
    assert sweep() == 1
    assert sent == [mail.pk]


def test_a_long_backlog_is_sent_in_batches(sent, broker, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 5)
    for _ in range(12):
        a_job()
    assert [sweep() for _ in range(4)] == [5, 5, 2, 0]
    assert broker.llen("default") == 12


def test_an_emptied_broker_gets_everything_again(sent, broker, settings):
    for _ in range(4):
        a_job(sent_at=long_ago(seconds=settings.JOB_SWEEP_SECONDS + 1))
    broker.flushdb()
    assert sweep() == 4


def test_what_could_be_sent_before_the_broker_went_is_recorded(monkeypatch):
    first, second = a_job(), a_job()

    def once(args, **options):
        if args[0] != first.pk:
            raise ConnectionError

    monkeypatch.setattr("tasks.tasks.run_job.apply_async", once)
    with pytest.raises(ConnectionError):
        doorbell.send(job_ids=[first.pk, second.pk], queue="default")
    assert set(Job.objects.exclude(sent_at=None)) == {first}


def test_the_task_survives_a_broker_that_is_away(settings):
    from tasks import tasks

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    a_job()
    tasks.sweep()


def test_old_jobs_are_deleted_failed_ones_later(settings, monkeypatch):
    monkeypatch.setattr(cleanup, "BATCH", 2)
    settings.JOB_RETENTION_DAYS = 30
    settings.JOB_FAILED_RETENTION_DAYS = 90
    for state in (Job.State.DONE, Job.State.CANCELLED, Job.State.FAILED):
        for days in (29, 31, 89, 91):
            a_job(state=state, finished=long_ago(days=days))
    unfinished = a_job(created=long_ago(days=400))
    assert cleanup.delete_old() == 7
    left = Job.objects.exclude(pk=unfinished.pk).values_list("state", "finished")
    ages = sorted((state, round((timezone.now() - finished).total_seconds() / 86_400)) for state, finished in left)
    assert ages == [("cancelled", 29), ("done", 29), ("failed", 29), ("failed", 31), ("failed", 89)]
