"""The regular work of accounts: each task is one more interface and calls one service."""

from __future__ import annotations

import structlog
from celery import shared_task

from users.services import deletion

log = structlog.get_logger(__name__)


@shared_task(name="users.delete_due_accounts")  # type: ignore[untyped-decorator]  # Celery has no types
def delete_due_accounts() -> None:
    log.info("accounts_due", accounts=deletion.ask_for_due())
