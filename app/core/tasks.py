"""The site's regular work: each task is one more interface and calls one service."""

from __future__ import annotations

from importlib import import_module

import structlog
from allauth.usersessions.models import UserSession
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from core.services import publication, retention

log = structlog.get_logger(__name__)


@shared_task(name="core.publish_scheduled")  # type: ignore[untyped-decorator]  # Celery has no types
def publish_scheduled() -> None:
    changed = publication.outdate()
    if changed:
        log.info("published_by_date", what=changed)


@shared_task(name="core.delete_old_sessions")  # type: ignore[untyped-decorator]
def delete_old_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    # What their owners' lists say of them: the browser and the address.
    UserSession.objects.exclude(Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()


@shared_task(name="core.delete_old_records")  # type: ignore[untyped-decorator]
def delete_old_records() -> None:
    log.info("old_records_deleted", **retention.delete_old())
