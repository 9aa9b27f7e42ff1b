"""A durable job that does nothing."""

from __future__ import annotations

from tasks.services import jobs


@jobs.handler("yardstick.nothing")
def nothing(job: jobs.RunningJob) -> None:
    pass
