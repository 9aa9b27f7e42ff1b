"""A plain Celery task that does nothing."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="yardstick.nothing")
def nothing() -> None:
    pass
