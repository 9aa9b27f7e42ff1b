"""Which workers and beats live: a row for each, which it writes anew every few seconds.

In the database, since Redis may be empty or away while they are well; one small UPDATE each costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from tasks.models import Process

# Four writes may fail before a process counts as gone.
SEEN = timedelta(seconds=60)
FORGOTTEN = timedelta(days=1)


def note(*, name: str, role: str, queues: Iterable[str] = ()) -> None:
    """Write that this process lives. Costs one UPDATE, and an INSERT the first time."""
    now = timezone.now()
    values = {"role": role, "queues": ",".join(queues), "release": settings.RELEASE, "seen": now}
    if Process.objects.filter(name=name).update(**values):
        return
    try:
        with transaction.atomic():
            Process.objects.create(name=name, started=now, **values)
    except IntegrityError:  # another thread was first
        Process.objects.filter(name=name).update(**values)


def leave(*, name: str) -> None:
    """It ends as it should, so nobody need miss it."""
    Process.objects.filter(name=name).delete()


def forget_old() -> int:
    """Delete the rows of processes that were killed a day ago or more; return how many."""
    return Process.objects.filter(seen__lt=timezone.now() - FORGOTTEN).delete()[0]
