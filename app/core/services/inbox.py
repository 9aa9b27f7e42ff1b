"""Working through what people wrote to us."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils import timezone

from core.models import ContactMessage


def mark_handled(messages: QuerySet[ContactMessage], *, by: AbstractBaseUser) -> int:
    """Note who answered, and when. Those handled before keep their name; returns how many were open."""
    now = timezone.now()
    return messages.filter(handled_at__isnull=True).update(handled_at=now, handled_by=by, modified=now)


def reopen(messages: QuerySet[ContactMessage]) -> int:
    """Put them back into the inbox; returns how many had been handled."""
    handled = messages.filter(handled_at__isnull=False)
    return handled.update(handled_at=None, handled_by=None, modified=timezone.now())
