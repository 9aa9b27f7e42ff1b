from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import structlog
import time_machine
from django.utils import timezone

from tasks.models import Job
from tasks.services import jobs, running
from tasks.tests.making import a_job, a_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_kinds")]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_keeps_what_the_handler_returns():
    job = jobs.enqueue("tests.echo", word="lamp")
    assert jobs.run_due() == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts, job.error) == (Job.State.DONE, {"word": "lamp"}, 1, "")
    assert job.started <= job.finished
    assert (job.lease, job.lease_until) == ("", None)


def test_does_not_do_again_what_is_done():
    job = jobs.enqueue("tests.echo")
    assert jobs.run(job_id=job.pk)
    assert not jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.attempts == 1


def test_does_nothing_for_a_job_that_is_gone():
    assert not jobs.run(job_id=123_456)


def test_does_not_start_before_its_time():
    job = jobs.enqueue("tests.echo", run_after=timezone.now() + timedelta(minutes=5))
    assert not jobs.run(job_id=job.pk)
    assert jobs.run_due() == 0


def test_run_due_also_does_what_jobs_ask_for():
    def ask(job):
        jobs.enqueue("tests.echo")

    jobs.enqueue(a_kind(ask))
    assert jobs.run_due() == 2


def test_run_due_stops_at_its_limit():
    for _ in range(3):
        jobs.enqueue("tests.echo")
    assert jobs.run_due(limit=2) == 2
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 1


def test_a_failure_is_repeated_later_with_its_traceback_kept(monkeypatch):
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    job = jobs.enqueue("tests.fail")
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        jobs.run(job_id=job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.finished) == (Job.State.QUEUED, 1, None)
        assert job.run_after == timezone.now() + timedelta(seconds=10)
        assert "RuntimeError: The shelf is empty." in job.error
        assert not jobs.run(job_id=job.pk)


def test_fails_for_good_after_its_last_attempt(monkeypatch):
    monkeypatch.setattr("random.uniform", lambda low, high: 0)
    job = jobs.enqueue("tests.fail")
    for _ in range(5):
        jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 3)
    assert job.finished is not None
    assert "Traceback" in job.error


def test_backoff_doubles_up_to_a_ceiling_and_is_random_below():
    longest = [60 * 2**attempt for attempt in range(8)]
    for attempt, limit in enumerate(longest, start=1):
        waits = [running.backoff(attempt=attempt, base_seconds=60).total_seconds() for _ in range(50)]
        assert 0 <= min(waits) <= max(waits) <= limit
        assert len(set(waits)) > 10
    assert running.backoff(attempt=30, base_seconds=60) <= running.LONGEST_BACKOFF


def test_giving_up_is_not_repeated():
    job = jobs.enqueue("tests.give_up")
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (Job.State.FAILED, 1, "No such shelf.")


def test_arguments_that_no_longer_fit_fail_at_once():
    job = a_job(kind="tests.count", arguments={"total": 1, "colour": "red"})
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 1)
    assert "colour" in job.error


def test_a_result_that_is_not_json_fails_at_once():
    job = jobs.enqueue(a_kind(lambda job: {"lamp": object()}))
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "not JSON" in job.error


def test_a_kind_unknown_to_this_worker_waits_for_a_newer_one():
    job = a_job(kind="tests.of_the_next_release")
    assert not jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.QUEUED, 0)
    assert job.run_after > timezone.now() + timedelta(seconds=50)


def test_the_handler_logs_with_the_request_that_asked():
    bound = {}
    kind = a_kind(lambda job: bound.update(structlog.contextvars.get_contextvars()))
    with structlog.contextvars.bound_contextvars(request_id="abc-123"):
        job = jobs.enqueue(kind)
    jobs.run(job_id=job.pk)
    assert bound == {"request_id": "abc-123", "job_id": job.pk, "kind": kind}
    assert structlog.contextvars.get_contextvars() == {}


def test_jobs_asked_for_by_a_job_carry_the_same_request():
    kind = a_kind(lambda job: jobs.enqueue("tests.echo").pk)
    with structlog.contextvars.bound_contextvars(request_id="abc-123"):
        jobs.enqueue(kind)
    jobs.run_due()
    assert set(Job.objects.values_list("request_id", flat=True)) == {"abc-123"}


def test_progress_is_written_at_most_once_a_second_and_at_the_end(django_assert_max_num_queries):
    job = jobs.enqueue("tests.count", total=5000)
    with django_assert_max_num_queries(40):
        jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.progress_current, job.progress_total, job.progress_message) == (5000, 5000, "Step 5000")


def test_what_was_done_before_a_failure_stays_in_the_progress():
    def stumble(job):
        job.progress(1, 10, "one")
        job.progress(2, 10, "two")
        raise RuntimeError

    job = jobs.enqueue(a_kind(stumble, max_attempts=1))
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress_current, job.progress_message) == (Job.State.FAILED, 2, "two")


def test_cancelling_what_waits_ends_it_at_once():
    job = jobs.enqueue("tests.echo")
    jobs.cancel(job=job)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert job.finished is not None
    assert jobs.run_due() == 0


def test_cancelling_what_runs_ends_it_at_its_next_checkpoint():
    def work(job):
        job.progress(3, 10, "third")
        jobs.cancel(job=Job.objects.get(pk=job.id))
        job._written_at = float("-inf")  # a second passes
        job.progress(4, 10, "fourth")
        pytest.fail("It went on.")

    job = jobs.enqueue(a_kind(work))
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress_current, job.cancel_requested) == (Job.State.CANCELLED, 4, False)


def test_a_job_that_ends_before_its_next_checkpoint_has_ended():
    job = jobs.enqueue(a_kind(lambda job: jobs.cancel(job=Job.objects.get(pk=job.id))))
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.cancel_requested) == (Job.State.DONE, False)


def test_refuses_to_cancel_what_has_ended():
    job = a_job(state=Job.State.DONE)
    with pytest.raises(jobs.WrongState, match="ended already"):
        jobs.cancel(job=job)


@pytest.mark.parametrize("state", [Job.State.FAILED, Job.State.CANCELLED])
def test_retrying_starts_over_with_all_attempts(state):
    job = a_job(state=state, attempts=5, finished=timezone.now(), run_after=NOW)
    jobs.retry(job=job)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.finished) == (Job.State.QUEUED, 0, None)
    assert jobs.run_due() == 1


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING, Job.State.DONE])
def test_refuses_to_retry_what_has_not_failed(state):
    with pytest.raises(jobs.WrongState, match="cannot be retried"):
        jobs.retry(job=a_job(state=state))


def test_private_arguments_are_forgotten_when_the_job_is_done():
    job = jobs.enqueue(a_kind(lambda job, secret, name: job.keep_of_arguments(name=name)), secret="s", name="n")
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.arguments == {"name": "n"}


def test_private_arguments_stay_for_the_next_attempt():
    def forget_and_stumble(job, secret):
        job.keep_of_arguments()
        raise RuntimeError

    job = jobs.enqueue(a_kind(forget_and_stumble), secret="s")
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.arguments == {"secret": "s"}


def test_a_second_handler_for_a_kind_is_a_mistake():
    with pytest.raises(ValueError, match="Two handlers"):
        jobs.handler("tests.echo")(lambda job: None)


def test_a_queue_that_nobody_serves_is_a_mistake():
    with pytest.raises(ValueError, match="not a queue"):
        jobs.handler("tests.other", queue="nowhere")
