"""The site's regular work: each task is one more interface and calls one service."""

from __future__ import annotations

from importlib import import_module

import structlog
from celery import shared_task
from django.conf import settings

from core.services import publication

log = structlog.get_logger(__name__)


@shared_task(name="core.publish_scheduled")  # type: ignore[untyped-decorator]  # Celery has no types
def publish_scheduled() -> None:
    changed = publication.outdate()
    if changed:
        log.info("published_by_date", what=changed)


@shared_task(name="core.delete_old_sessions")  # type: ignore[untyped-decorator]
def delete_old_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
