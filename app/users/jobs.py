"""The durable jobs of accounts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tasks.models import Job
from tasks.services import jobs
from users.services import deletion, personal_data


def _privacy_page(job: Job) -> str:
    return reverse("users:privacy")


@jobs.handler(personal_data.COPY, title=_("A copy of your data"), subject_url=_privacy_page, makes_file=True)
def copy_personal_data(job: jobs.RunningJob) -> list[str]:
    return personal_data.copy(job=job)


@jobs.handler(deletion.DELETE)
def delete_account(job: jobs.RunningJob, *, user_id: int) -> str:
    return deletion.perform(user_id=user_id)
