"""The Celery tasks: one more interface, each calls one service."""

from __future__ import annotations

import redis
import structlog
from celery import Task, shared_task

from tasks.services import cleanup, job_files, presence, running
from tasks.services.sweep import sweep as send_again

log = structlog.get_logger(__name__)


@shared_task(name="tasks.run_job", bind=True)  # type: ignore[untyped-decorator]  # Celery has no types
def run_job(task: Task, job_id: int) -> None:
    running.run(job_id=job_id, worker=task.request.hostname or "")


@shared_task(name="tasks.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    try:
        send_again()
    except redis.RedisError as error:  # the next one is seconds away
        log.warning("sweep_failed", error=repr(error))


@shared_task(name="tasks.clean_jobs")  # type: ignore[untyped-decorator]
def clean_jobs() -> None:
    log.info("old_jobs_deleted", jobs=cleanup.delete_old(), files=job_files.delete_old())
    presence.forget_old()
