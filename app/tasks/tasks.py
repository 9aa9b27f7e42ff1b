"""The Celery tasks: one more interface, each calls one service."""

from __future__ import annotations

from celery import shared_task

from tasks.services import running


@shared_task(name="tasks.run_job", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
def run_job(job_id: int) -> None:
    running.run(job_id=job_id)
