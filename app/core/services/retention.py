"""Deleting what is no longer needed: messages that were answered, sign-ups nobody confirmed, files once imported."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from core.models import ContactMessage, NewsletterSubscription
from core.models.file_import import FileImport

# The link of a sign-up works for seven days.
UNCONFIRMED = timedelta(days=30)


def delete_old() -> dict[str, int]:
    """How many of each were deleted."""
    now = timezone.now()
    return {
        "messages": _messages(now - timedelta(days=settings.MESSAGE_RETENTION_DAYS)),
        "sign_ups": _sign_ups(now - UNCONFIRMED),
        "uploads": _uploads(now - timedelta(days=settings.UPLOAD_RETENTION_DAYS)),
    }


def _messages(before: datetime) -> int:
    """A message that nobody has handled waits for somebody, however old it is."""
    return ContactMessage.objects.filter(handled_at__lt=before).delete()[0]


def _sign_ups(before: datetime) -> int:
    unconfirmed = NewsletterSubscription.State.PENDING
    return NewsletterSubscription.objects.filter(state=unconfirmed, modified__lt=before).delete()[0]


def _uploads(before: datetime) -> int:
    """The files of every app's imports; their reports stay."""
    kinds = [model for model in apps.get_models() if issubclass(model, FileImport)]
    old = [kind._default_manager.filter(created__lt=before).exclude(file="") for kind in kinds]  # noqa: SLF001
    records = [record for found in old for record in found]
    for record in records:
        record.file.delete(save=False)
        record.save(update_fields=["file"])
    return len(records)
