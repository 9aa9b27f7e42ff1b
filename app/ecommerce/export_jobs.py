"""The jobs that write exports."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ecommerce.services import exports
from tasks import queues
from tasks.models import Job
from tasks.services import jobs


def _product_list(job: Job) -> str:
    return reverse("admin:ecommerce_product_changelist")


def _order_list(job: Job) -> str:
    return reverse("admin:ecommerce_order_changelist")


@jobs.handler(
    exports.PRODUCTS, queue=queues.BULK, title=_("Export of products"), subject_url=_product_list, makes_file=True
)
def export_products(job: jobs.RunningJob, *, ids: list[int] | None) -> int:
    return exports.write_products(job=job, ids=ids)


@jobs.handler(exports.ORDERS, queue=queues.BULK, title=_("Export of orders"), subject_url=_order_list, makes_file=True)
def export_orders(job: jobs.RunningJob, *, ids: list[int] | None) -> int:
    return exports.write_orders(job=job, ids=ids)
