"""Durable jobs that concern every app."""

from __future__ import annotations

from datetime import date

from hnmproject import summary
from tasks.services import jobs


@jobs.handler(summary.SEND)
def send_summary(job: jobs.RunningJob, *, day: str) -> bool:
    return summary.send(day=date.fromisoformat(day))
