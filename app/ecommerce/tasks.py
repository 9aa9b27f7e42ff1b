"""The shop's regular work: each task is one more interface and calls one service."""

from __future__ import annotations

import structlog
from celery import shared_task

from core.services import publication
from ecommerce.models import Product
from ecommerce.services import carts, catalogue, forgetting, low_stock, orders, payments, reconciliation

log = structlog.get_logger(__name__)


@shared_task(name="ecommerce.delete_old_carts")  # type: ignore[untyped-decorator]  # Celery has no types
def delete_old_carts() -> None:
    log.info("old_carts_deleted", carts=carts.delete_abandoned())


@shared_task(name="ecommerce.publish_scheduled")  # type: ignore[untyped-decorator]
def publish_scheduled() -> None:
    if publication.just_changed(Product):
        catalogue.forget_lists()


@shared_task(name="ecommerce.complete_orders")  # type: ignore[untyped-decorator]
def complete_orders() -> None:
    log.info("orders_completed", orders=orders.complete_delivered())


@shared_task(name="ecommerce.tell_of_low_stock")  # type: ignore[untyped-decorator]
def tell_of_low_stock() -> None:
    log.info("low_stock_told", variants=low_stock.tell())


@shared_task(name="ecommerce.close_overdue_orders")  # type: ignore[untyped-decorator]
def close_overdue_orders() -> None:
    log.info("overdue_orders_found", orders=payments.find_overdue())


@shared_task(name="ecommerce.reconcile_payments")  # type: ignore[untyped-decorator]
def reconcile_payments() -> None:
    reconciliation.ask()


@shared_task(name="ecommerce.forget_buyers")  # type: ignore[untyped-decorator]
def forget_buyers() -> None:
    log.info("buyers_forgotten", orders=forgetting.forget_due())
