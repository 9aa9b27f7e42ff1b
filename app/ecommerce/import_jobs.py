"""The durable jobs of importing products."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.services.file_imports import ImportGoneError, reported
from ecommerce.services.product_import import runs
from ecommerce.services.product_import.applying import FETCH
from ecommerce.services.product_import.pictures import fetch_all
from tasks import queues
from tasks.services import jobs


def _page(job: jobs.Job) -> str:
    return reverse("admin:ecommerce_productimport_change", args=[job.arguments["import_id"]])


@jobs.handler(runs.IMPORTER.run_kind, queue=queues.BULK, title=_("Import of products"), subject_url=_page)
def import_products(job: jobs.RunningJob, *, import_id: int, dry_run: bool) -> dict[str, int]:
    try:
        done = runs.perform(import_id=import_id, dry_run=dry_run, progress=reported(job))
    except ImportGoneError as error:
        raise jobs.GiveUp(str(error)) from error
    return {"created": done.created, "updated": done.updated, "skipped": done.skipped, "errors": done.errors}


@jobs.handler(FETCH, queue=queues.IO)
def fetch_product_pictures(
    job: jobs.RunningJob, *, product_id: int, handle: str, pictures: list[Any]
) -> dict[str, Any]:
    return {**fetch_all(product_id=product_id, handle=handle, pictures=pictures, progress=job.progress)}
