"""The shop's durable jobs."""

from __future__ import annotations

from ecommerce import export_jobs, import_jobs, order_jobs, payment_jobs  # noqa: F401  # they register their handlers
from ecommerce.models import Product
from ecommerce.services import search
from tasks.services import jobs


@jobs.handler("ecommerce.index_category", queue="bulk")
def index_category(job: jobs.RunningJob, *, category_id: int) -> int:
    """Its title is a word of the index of each of its products."""
    return _index(job, list(Product.objects.filter(category_id=category_id).values_list("pk", flat=True)))


@jobs.handler("ecommerce.index_tag", queue="bulk")
def index_tag(job: jobs.RunningJob, *, tag_id: int) -> int:
    return _index(job, list(Product.objects.filter(tags=tag_id).values_list("pk", flat=True)))


def _index(job: jobs.RunningJob, product_ids: list[int]) -> int:
    for start in range(0, len(product_ids), search.INDEX_BATCH):
        search.index(product_ids[start : start + search.INDEX_BATCH])
        job.progress(min(start + search.INDEX_BATCH, len(product_ids)), len(product_ids))
    return len(product_ids)
