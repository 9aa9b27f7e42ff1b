"""One of many: a lease in the database decides which process does what only one may do."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from tasks.models import Lease


def hold(*, name: str, owner: str, seconds: float) -> bool:
    """Take the lease or put off its end, and say whether it is the owner's now. Costs one UPDATE."""
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    available = Lease.objects.filter(Q(owner=owner) | Q(until__lte=now), name=name)
    if available.update(owner=owner, until=until):
        return True
    return _is_first(name, owner, until)


def release(*, name: str, owner: str) -> None:
    """Let the next have it at once."""
    Lease.objects.filter(name=name, owner=owner).update(until=timezone.now())


def _is_first(name: str, owner: str, until: datetime) -> bool:
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, owner=owner, until=until)
    except IntegrityError:  # another was faster
        return False
    return True
