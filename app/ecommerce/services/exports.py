"""Products and orders as files: a job writes them, for whoever asked to download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ecommerce.models import Order, Product
from ecommerce.services import order_export, product_export
from tasks.models import Job
from tasks.services import job_files, jobs

if TYPE_CHECKING:
    from users.models import CustomUser

PRODUCTS = "ecommerce.export_products"
ORDERS = "ecommerce.export_orders"


def ask_for_products(*, products: QuerySet[Product], by: CustomUser) -> Job:
    return jobs.enqueue(PRODUCTS, owner=by, ids=_ids(products, Product.objects.count()))


def ask_for_orders(*, orders: QuerySet[Order], by: CustomUser) -> Job:
    return jobs.enqueue(ORDERS, owner=by, ids=_ids(orders, Order.objects.count()))


def _ids(chosen: QuerySet[Product] | QuerySet[Order], total: int) -> list[int] | None:
    """Those that are chosen now; None where that is all, which spares the job a long list."""
    ids = list(chosen.order_by("pk").values_list("pk", flat=True).distinct())
    return None if len(ids) == total else ids


def write_products(*, job: jobs.RunningJob, ids: Sequence[int] | None) -> int:
    total = Product.objects.count() if ids is None else len(ids)
    return _write(job, "products", product_export.pieces(ids), product_export.BATCH, total)


def write_orders(*, job: jobs.RunningJob, ids: Sequence[int] | None) -> int:
    total = Order.objects.count() if ids is None else len(ids)
    return _write(job, "orders", order_export.pieces(ids), order_export.BATCH, total)


def _write(job: jobs.RunningJob, what: str, pieces: Iterator[str], batch: int, total: int) -> int:
    """Write the pieces, of which the first is the headings; return how many rows of the table that were."""
    name = f"{what}-{timezone.localdate():%Y-%m-%d}.csv"
    with job_files.written(job=job, name=name, content_type="text/csv; charset=utf-8") as file:
        for number, piece in enumerate(pieces):
            file.write(piece.encode())
            job.progress(min(number * batch, total), total, _("Writing the file"))
    return total
