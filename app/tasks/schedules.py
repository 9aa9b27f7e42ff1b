"""What happens regularly: the one table. `manage.py sync_schedules` mirrors it into the database that beat reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings

from tasks import queues


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A Celery task that beat sends, every so often or by a crontab (minute, hour, day, month, day of week; UTC)."""

    name: str
    task: str
    description: str
    every: timedelta | None = None
    crontab: str | None = None
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.every is None) == (self.crontab is None):
            raise ValueError(f"Schedule “{self.name}” needs either an interval or a crontab.")

    @property
    def queue(self) -> str:
        return queues.ROUTES.get(self.task, {}).get("queue", queues.DEFAULT)

    @property
    def expire_seconds(self) -> int:
        """Messages that waited longer are dropped: after a night without workers one sweep is as good as thousands."""
        return int(self.every.total_seconds()) if self.every else 3600


SCHEDULES: tuple[Schedule, ...] = (
    Schedule(
        name="Send forgotten jobs again",
        task="tasks.sweep",
        description="Finds due jobs whose message was lost, and jobs whose worker is gone, and sends them again.",
        every=timedelta(seconds=settings.JOB_SWEEP_SECONDS),
    ),
    Schedule(
        name="Delete old jobs",
        task="tasks.clean_jobs",
        description="Deletes jobs that ended JOB_RETENTION_DAYS ago (failed: JOB_FAILED_RETENTION_DAYS), and files.",
        crontab="20 3 * * *",
    ),
    Schedule(
        name="Publish by date",
        task="core.publish_scheduled",
        description="Outdates cached lists and links when a post or page has appeared or ended by its date.",
        every=timedelta(minutes=1),
    ),
    Schedule(
        name="Put products on sale by date",
        task="ecommerce.publish_scheduled",
        description="Outdates cached lists and counts when a product has appeared or ended by its date.",
        every=timedelta(minutes=1),
    ),
    Schedule(
        name="Delete old sessions",
        task="core.delete_old_sessions",
        description="Deletes logins that have expired.",
        crontab="10 3 * * *",
    ),
    Schedule(
        name="Mail the daily summary",
        task="hnmproject.daily_summary",
        description="Mails staff what yesterday brought and what waits; DAILY_SUMMARY=off ends it.",
        crontab="30 5 * * *",
    ),
    Schedule(
        name="Look at the backups",
        task="hnmproject.look_at_backups",
        description="Mails staff when the newest backup is old or damaged, or none was restored and compared lately.",
        crontab="50 * * * *",
    ),
    Schedule(
        name="Delete old carts",
        task="ecommerce.delete_old_carts",
        description="Deletes carts that nobody has touched for sixty days, as long as their cookie lives.",
        crontab="40 3 * * *",
    ),
    Schedule(
        name="Give up unpaid orders",
        task="ecommerce.close_overdue_orders",
        description="Asks Stripe about orders whose time for paying has passed, and puts their pieces on sale again.",
        every=timedelta(minutes=1),
    ),
    Schedule(
        name="Compare payments with Stripe",
        task="ecommerce.reconcile_payments",
        description="Finds payments and refunds whose events never came.",
        crontab="10 * * * *",
    ),
    Schedule(
        name="Complete delivered orders",
        task="ecommerce.complete_orders",
        description="Completes orders that were sent longer ago than COMPLETE_AFTER_DAYS.",
        crontab="40 4 * * *",
    ),
    Schedule(
        name="Tell of low stock",
        task="ecommerce.tell_of_low_stock",
        description="Mails staff the variants that have fallen to LOW_STOCK_THRESHOLD pieces or fewer, each once.",
        every=timedelta(minutes=10),
    ),
    Schedule(
        name="Delete accounts that are due",
        task="users.delete_due_accounts",
        description="Deletes accounts whose owners asked for it ACCOUNT_DELETION_DAYS ago.",
        crontab="15 2 * * *",
    ),
    Schedule(
        name="Forget buyers",
        task="ecommerce.forget_buyers",
        description="Takes the buyer out of ended orders: of deleted accounts, and after BUYER_RETENTION_YEARS.",
        crontab="45 2 * * *",
    ),
    Schedule(
        name="Delete old records",
        task="core.delete_old_records",
        description="Deletes answered messages, unconfirmed sign-ups to the newsletter and uploaded files in time.",
        crontab="30 2 * * *",
    ),
)
