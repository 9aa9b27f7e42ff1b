"""What core does in the background."""

from __future__ import annotations

from django.apps import apps

from core.services import pictures
from tasks import queues
from tasks.services import jobs


@jobs.handler(pictures.RENDER, queue=queues.BULK)
def render_pictures(job: jobs.RunningJob, *, model: str, field: str, pk: int, file_name: str) -> dict[str, bool]:
    rendered = pictures.render(
        model=apps.get_model(model),
        field_name=field,
        pk=pk,
        file_name=file_name,
        progress=lambda current, total: job.progress(current, total),
    )
    return {"rendered": rendered}


@jobs.handler(pictures.DELETE, queue=queues.BULK)
def delete_pictures(job: jobs.RunningJob, *, model: str, field: str, file_name: str) -> dict[str, int]:
    return {"deleted": pictures.delete(model=apps.get_model(model), field_name=field, file_name=file_name)}
