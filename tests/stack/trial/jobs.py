"""Mixed work: quick, waiting for somebody, long with checkpoints, and such that fails at first."""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import F
from trial.models import Beginning, Effect, Tally

from tasks.services import jobs


@jobs.handler("trial.quick", backoff_seconds=1)
def quick(job: jobs.RunningJob, *, number: int) -> None:
    _do("quick", number, seconds=0.02)


@jobs.handler("trial.waiting", queue="io", backoff_seconds=1)
def waiting(job: jobs.RunningJob, *, number: int) -> None:
    _do("waiting", number, seconds=0.2)


@jobs.handler("trial.long", queue="bulk", backoff_seconds=1)
def long(job: jobs.RunningJob, *, number: int) -> None:
    for step in range(1, 11):
        job.progress(step, 10)
        time.sleep(0.05)
    _do("long", number)


@jobs.handler("trial.failing", backoff_seconds=1)
def failing(job: jobs.RunningJob, *, number: int) -> None:
    if job.attempt == 1:
        raise RuntimeError("The first time it fails.")
    _do("failing", number)


def _do(kind: str, number: int, *, seconds: float = 0) -> None:
    """What a handler has to be: safe to run twice, for the effect and the record of it are one."""
    Beginning.objects.create(number=number)
    time.sleep(seconds)
    with transaction.atomic():
        _effect, is_new = Effect.objects.get_or_create(number=number)
        if is_new:
            Tally.objects.filter(kind=kind).update(done=F("done") + 1)
