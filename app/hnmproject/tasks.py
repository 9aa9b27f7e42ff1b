"""Regular work that concerns every app."""

from __future__ import annotations

from celery import shared_task

from hnmproject import summary


@shared_task(name="hnmproject.daily_summary")  # type: ignore[untyped-decorator]  # Celery has no types
def daily_summary() -> None:
    summary.ask()
