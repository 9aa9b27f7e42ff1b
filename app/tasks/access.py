"""Who may see a job, and who may stop it: its owner, and staff with the permission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from tasks.models import Job, JobFile

if TYPE_CHECKING:
    from users.models import CustomUser


def visible_job(*, user: CustomUser | AnonymousUser, job_id: int) -> Job | None:
    """The job, or None where there is none that this person may see: the two cannot be told apart."""
    job = Job.objects.filter(pk=job_id).first()
    return job if job is not None and may_see(user=user, job=job) else None


def may_see(*, user: CustomUser | AnonymousUser, job: Job) -> bool:
    return user.is_authenticated and (_owns(user, job) or _is_allowed(user, "tasks.view_job"))


def may_cancel(*, user: CustomUser | AnonymousUser, job: Job) -> bool:
    """Whether this person may stop the job, and there is something left to stop."""
    if job.is_finished or job.cancel_requested or not user.is_authenticated:
        return False
    return _owns(user, job) or _is_allowed(user, "tasks.cancel_job")


def own_file(*, user: CustomUser | AnonymousUser, job: Job) -> JobFile | None:
    """What the job has made, for its owner alone: that others may see how a job goes does not open its file to them."""
    if not user.is_authenticated or not _owns(user, job):
        return None
    return JobFile.objects.filter(job=job).first()


def _owns(user: CustomUser, job: Job) -> bool:
    return user.is_active and job.owner_id == user.pk


def _is_allowed(user: CustomUser, permission: str) -> bool:
    return user.acts_as_staff and user.has_perm(permission)
