"""What core does in the background."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.services import newsletter_issues, pictures
from core.services.file_imports import ImportGoneError, reported
from core.services.wordpress_import import files as wordpress_files
from core.services.wordpress_import import runs as wordpress
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


def _import_page(job: jobs.Job) -> str:
    return reverse("admin:core_wordpressimport_change", args=[job.arguments["import_id"]])


@jobs.handler(
    wordpress.IMPORTER.run_kind, queue=queues.BULK, title=_("Import from WordPress"), subject_url=_import_page
)
def import_wordpress(job: jobs.RunningJob, *, import_id: int, dry_run: bool) -> dict[str, int]:
    try:
        done = wordpress.perform(import_id=import_id, dry_run=dry_run, progress=reported(job))
    except ImportGoneError as error:
        raise jobs.GiveUp(str(error)) from error
    return {
        "created": done.created,
        "updated": done.updated,
        "kept": done.kept,
        "skipped": done.skipped,
        "errors": done.errors,
    }


@jobs.handler(wordpress.IMPORTER.fetch_kind, queue=queues.IO)
def fetch_wordpress_files(
    job: jobs.RunningJob, *, item_id: int | None, title: str, files: list[Any], cover: Any
) -> dict[str, Any]:
    return {**wordpress_files.fetch_all(item_id=item_id, title=title, files=files, cover=cover, progress=job.progress)}


@jobs.handler(newsletter_issues.SEND, queue=queues.BULK)
def send_newsletter(job: jobs.RunningJob, *, newsletter_id: int) -> int:
    return newsletter_issues.ask_for_each(newsletter_id=newsletter_id, progress=job.progress)


@jobs.handler(newsletter_issues.SEND_ONE, queue=queues.BULK, max_attempts=8, backoff_seconds=60)
def send_newsletter_to(job: jobs.RunningJob, *, newsletter_id: int, subscription_id: int) -> bool:
    return newsletter_issues.send_one(newsletter_id=newsletter_id, subscription_id=subscription_id)
