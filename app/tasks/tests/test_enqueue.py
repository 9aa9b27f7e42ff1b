from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
import structlog
from django.db import connection, transaction
from django.utils import timezone

from tasks.models import Job
from tasks.services import doorbell, jobs


@pytest.fixture
def sent(monkeypatch):
    """The ids that were sent, with their queues."""
    calls = []

    def record(args, queue, **options):
        calls.append((*args, queue))

    monkeypatch.setattr("tasks.tasks.run_job.apply_async", record)
    return calls


@pytest.mark.django_db
def test_writes_a_queued_row(alice):
    job = jobs.enqueue("tests.count", owner=alice, total=3)
    job.refresh_from_db()
    assert (job.kind, job.queue, job.arguments, job.owner) == ("tests.count", "bulk", {"total": 3}, alice)
    assert (job.state, job.attempts, job.key) == (Job.State.QUEUED, 0, None)


@pytest.mark.django_db
def test_the_same_key_is_one_job():
    first = jobs.enqueue("tests.echo", key="order-1", word="first")
    second = jobs.enqueue("tests.echo", key="order-1", word="second")
    assert second.pk == first.pk
    assert Job.objects.get().arguments == {"word": "first"}


@pytest.mark.django_db
def test_a_key_belongs_to_its_kind():
    jobs.enqueue("tests.echo", key="order-1")
    jobs.enqueue("tests.count", key="order-1", total=1)
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_the_transaction_goes_on_after_a_key_was_taken():
    jobs.enqueue("tests.echo", key="order-1")
    with transaction.atomic():
        jobs.enqueue("tests.echo", key="order-1")
        jobs.enqueue("tests.echo", word="another")
    assert Job.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_key_asked_for_at_the_same_moment_is_one_job(sent):
    start = Barrier(4)
    ids = []

    def ask():
        try:
            start.wait()
            ids.append(jobs.enqueue("tests.echo", key="order-1").pk)
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert set(ids) == {Job.objects.get().pk}


@pytest.mark.django_db
def test_refuses_an_unknown_kind():
    with pytest.raises(jobs.UnknownKind, match=r"tests\.nothing"):
        jobs.enqueue("tests.nothing")


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [{"word": Decimal("1.50")}, {"word": object()}, {"word": float("nan")}])
def test_refuses_arguments_that_are_not_json(arguments):
    with pytest.raises(jobs.BadArguments, match="must be JSON"):
        jobs.enqueue("tests.echo", **arguments)


@pytest.mark.django_db
def test_refuses_arguments_that_the_handler_does_not_take():
    with pytest.raises(jobs.BadArguments, match="total"):
        jobs.enqueue("tests.count")


@pytest.mark.django_db
def test_keeps_the_id_of_the_request_that_asked():
    with structlog.contextvars.bound_contextvars(request_id="r" * 100):
        job = jobs.enqueue("tests.echo")
    assert job.request_id == "r" * 64


@pytest.mark.django_db(transaction=True)
def test_sends_the_id_to_the_kinds_queue_after_the_commit(sent):
    with transaction.atomic():
        job = jobs.enqueue("tests.count", total=1)
        assert sent == []
    assert sent == [(job.pk, "bulk")]
    job.refresh_from_db()
    assert job.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_nobody_asked_when_the_transaction_is_rolled_back(sent):
    def change_one_s_mind():
        with transaction.atomic():
            jobs.enqueue("tests.echo")
            raise LookupError

    with pytest.raises(LookupError):
        change_one_s_mind()
    assert (sent, Job.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_what_is_for_later_is_left_to_the_sweep(sent):
    job = jobs.enqueue("tests.echo", run_after=timezone.now() + timedelta(hours=1))
    assert (sent, job.sent_at) == ([], None)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_neither_fails_nor_delays_the_request(monkeypatch):
    app_at_a_closed_port(monkeypatch)
    started = time.monotonic()
    ids = [jobs.enqueue("tests.echo").pk for _ in range(20)]
    assert time.monotonic() - started < 2
    assert Job.objects.filter(pk__in=ids, state=Job.State.QUEUED, sent_at=None).count() == 20


def app_at_a_closed_port(monkeypatch):
    from celery import Celery
    from django.conf import settings

    away = Celery("away", set_as_current=False)
    away.config_from_object("django.conf:settings", namespace="CELERY")
    away.conf.broker_url = "redis://127.0.0.1:1/0"
    assert away.conf.broker_url != settings.CELERY_BROKER_URL
    monkeypatch.setattr("tasks.tasks.run_job", away.task(name="tasks.run_job")(lambda job_id: None))


@pytest.mark.django_db(transaction=True)
def test_after_a_failure_the_doorbell_is_silent_for_a_while(monkeypatch):
    attempts = []

    def refuse(args, **options):
        attempts.append(args)
        raise ConnectionError

    monkeypatch.setattr("tasks.tasks.run_job.apply_async", refuse)
    assert not doorbell.ring(job_id=1, queue="io")
    assert not doorbell.ring(job_id=2, queue="io")
    assert attempts == [[1]]
