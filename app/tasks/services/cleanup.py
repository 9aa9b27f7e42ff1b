"""Forgetting jobs that ended long ago."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from tasks.models import Job, JobFile
from tasks.services import job_files

BATCH = 1000


def delete_old() -> int:
    """Delete jobs that ended longer ago than their state is kept for; return how many.

    Their keys go with them: a job asked for again with such a key would be done again.
    """
    now = timezone.now()
    kept_shortly = Q(state__in=(Job.State.DONE, Job.State.CANCELLED))
    old = Q(kept_shortly, finished__lt=now - timedelta(days=settings.JOB_RETENTION_DAYS)) | Q(
        state=Job.State.FAILED, finished__lt=now - timedelta(days=settings.JOB_FAILED_RETENTION_DAYS)
    )
    return _delete_in_batches(old)


def _delete_in_batches(old: Q) -> int:
    """Short transactions, so that a month's jobs do not lock the table at once."""
    deleted = 0
    while pks := list(Job.objects.filter(old).order_by("finished").values_list("pk", flat=True)[:BATCH]):
        job_files.delete(JobFile.objects.filter(job__in=pks).exclude(content=""))
        deleted += Job.objects.filter(pk__in=pks).delete()[1].get("tasks.Job", 0)
    return deleted
