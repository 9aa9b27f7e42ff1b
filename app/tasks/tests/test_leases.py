from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tasks.models import Job
from tasks.services import claiming, jobs, leases
from tasks.tests.making import a_job, a_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_kinds")]


def test_a_job_whose_worker_is_gone_is_taken_over():
    job = a_job(state=Job.State.RUNNING, attempts=1, lease="old", lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)


def test_a_job_whose_worker_lives_is_left_to_it():
    job = a_job(state=Job.State.RUNNING, attempts=1, lease="mine", lease_until=timezone.now() + timedelta(seconds=9))
    assert not jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease) == (Job.State.RUNNING, 1, "mine")


def test_a_job_that_keeps_killing_its_workers_fails_and_says_so():
    job = a_job(kind="tests.fail", state=Job.State.RUNNING, attempts=3, lease="old", lease_until=timezone.now())
    assert not jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 3)
    assert "Its worker stopped" in job.error


def test_a_cancelled_job_whose_worker_is_gone_is_not_taken_over():
    job = a_job(state=Job.State.RUNNING, attempts=1, lease="old", lease_until=timezone.now(), cancel_requested=True)
    assert not jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.CANCELLED, 1)


def taken_over(job):
    """What another worker does to the row when this one's lease has lapsed."""
    Job.objects.filter(pk=job.id).update(lease="another", attempts=2, progress_current=7)


def test_who_lost_the_lease_stops_at_the_next_checkpoint():
    stopped = []

    def work(job):
        taken_over(job)
        try:
            job.progress(1)
        except jobs.LeaseLost as error:
            stopped.append(str(error))
            raise

    job = jobs.enqueue(a_kind(work))
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert len(stopped) == 1
    assert (job.state, job.lease, job.attempts, job.progress_current) == (Job.State.RUNNING, "another", 2, 7)


@pytest.mark.parametrize("ends_well", [True, False])
def test_who_lost_the_lease_cannot_record_an_end(ends_well):
    def work(job):
        taken_over(job)
        if not ends_well:
            raise RuntimeError
        return "mine"

    job = jobs.enqueue(a_kind(work))
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.lease, job.result, job.error) == (Job.State.RUNNING, "another", None, "")


def test_a_lapsed_lease_that_nobody_took_can_still_be_renewed():
    job = a_job(state=Job.State.RUNNING, lease="mine", lease_until=timezone.now() - timedelta(minutes=1))
    assert claiming.renew(job_id=job.pk, lease="mine")
    job.refresh_from_db()
    assert job.lease_until > timezone.now()


def test_a_lease_of_another_cannot_be_renewed():
    job = a_job(state=Job.State.RUNNING, lease="another", lease_until=timezone.now())
    assert not claiming.renew(job_id=job.pk, lease="mine")


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_handler_works_outside_any_transaction(settings):
    settings.JOB_LEASE_SECONDS = 6
    seen = {}

    def work(job):
        seen["in_transaction"] = connection.in_atomic_block
        until(Job.objects.filter(pk=job.id, lease_until__gt=job.row.lease_until).exists)

    job = jobs.enqueue(a_kind(work))
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, seen["in_transaction"]) == (Job.State.DONE, False)
    assert job.lease_until is None


@pytest.mark.django_db(transaction=True)
def test_one_thread_renews_the_leases_of_all_jobs_of_a_process_and_forgets_them(settings):
    settings.JOB_LEASE_SECONDS = 6

    def work(job):
        until(Job.objects.filter(pk=job.id, lease_until__gt=job.row.lease_until).exists)

    kind = a_kind(work)
    ids = [jobs.enqueue(kind).pk for _number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(lambda job_id: closing(jobs.run, job_id=job_id), ids))
    assert Job.objects.filter(state=Job.State.DONE).count() == 3
    assert len([thread for thread in threading.enumerate() if thread.name == "leases"]) == 1
    assert not leases._renewer._due


def closing(function, **arguments):
    try:
        return function(**arguments)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_renewer_notices_that_the_lease_is_lost_before_the_next_write(settings):
    settings.JOB_LEASE_SECONDS = 1
    stopped = []

    def work(job):
        job.progress(1)
        taken_over(job)
        until(lambda: job._keeper.lost)
        try:
            job.progress(2)
        except jobs.LeaseLost:
            stopped.append(True)
            raise

    job = jobs.enqueue(a_kind(work))
    jobs.run(job_id=job.pk)
    assert stopped == [True]
