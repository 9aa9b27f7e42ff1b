"""Two workers reach for the same job at the same moment, for real: threads with a connection each."""

from __future__ import annotations

import uuid
from threading import Barrier, Thread

import pytest
from django.db import connection

from tasks.models import Job
from tasks.services import claiming
from tasks.tests.making import a_job

WORKERS = 4


def race(take):
    """What each of the workers got by calling it at once."""
    barrier = Barrier(WORKERS)
    outcomes = []

    def work():
        try:
            barrier.wait()
            outcomes.append(take(barrier))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == WORKERS
    return [outcome for outcome in outcomes if outcome]


@pytest.mark.django_db(transaction=True)
def test_one_worker_gets_the_job():
    job = a_job()

    def claim(barrier):
        row = Job.objects.get(pk=job.pk)
        barrier.wait()
        return row if claiming.claim(row=row) else None

    winners = race(claim)
    assert len(winners) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease) == (Job.State.RUNNING, 1, winners[0].lease)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_condition_all_of_them_would():
    """Look first, then write: what the conditional UPDATE spares us."""
    job = a_job()

    def look_then_write(barrier):
        seen = Job.objects.get(pk=job.pk)
        barrier.wait()
        if seen.state != Job.State.QUEUED:
            return None
        return Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, lease=uuid.uuid4().hex)

    assert len(race(look_then_write)) == WORKERS
