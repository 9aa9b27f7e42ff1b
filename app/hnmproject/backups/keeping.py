"""Whether there are backups to rely on: a new one, as it was written, and one that was lately restored and compared.

A job looks each hour (tasks.schedules); the row that it writes is what status, metrics and the mail to staff show, so
only the workers need to see the folder.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.services import mails
from hnmproject.backups.errors import BackupError
from hnmproject.backups.shelf import Backup, Shelf
from tasks.models import BackupWatch


def shelf() -> Shelf | None:
    """The folder of the settings, or None where there is none, as in development."""
    return Shelf(settings.BACKUP_DIR) if settings.BACKUP_DIR else None


def look() -> BackupWatch | None:
    """Look at the folder, note what was found, and mail staff once when it is no longer well. None: no folder."""
    place = shelf()
    if place is None:
        return None
    watch = BackupWatch.objects.get_or_create(pk=BackupWatch.ONLY)[0]
    found = _found(place, watch)
    return _note(found)


def _found(place: Shelf, before: BackupWatch) -> dict[str, Any]:
    now = timezone.now()
    try:
        backups = place.backups()
        verified_at, verify_problem = _last_verified(backups)
        size = backups[0].size if backups else 0
    except OSError as error:
        return {"problem": f"The folder of the backups cannot be read: {error}."}
    newest = backups[0] if backups else None
    problems = [_age_problem(newest, now), _sums_problem(newest, before), verify_problem]
    problems.append(_verify_age_problem(backups, verified_at, now))
    return {
        "name": newest.name if newest else "",
        "made": newest.made if newest else None,
        "size": size,
        "verified": verified_at,
        "problem": " ".join(problem for problem in problems if problem),
    }


def _age_problem(newest: Backup | None, now: datetime) -> str:
    if newest is None:
        return "There is no backup."
    if now - newest.made > timedelta(hours=settings.BACKUP_MAX_AGE_HOURS):
        return f"The newest backup, {newest.name}, is older than {settings.BACKUP_MAX_AGE_HOURS} hours."
    return ""


def _sums_problem(newest: Backup | None, before: BackupWatch) -> str:
    """Each backup is read once in a day: the disk of a small server has other things to do."""
    if newest is None:
        return ""
    just_read = before.summed and before.name == newest.name and timezone.now() - before.summed < timedelta(hours=20)
    if just_read and not before.problem:
        return ""
    try:
        newest.check_sums()
    except (BackupError, OSError) as error:
        return f"The newest backup is not as it was written: {error}"
    BackupWatch.objects.filter(pk=BackupWatch.ONLY).update(summed=timezone.now())
    return ""


def _last_verified(backups: list[Backup]) -> tuple[datetime | None, str]:
    """When one was last restored and found equal; and what the last attempt found, where that was a difference."""
    attempts = [(backup, found) for backup in backups if (found := backup.verified())]
    attempts.sort(key=lambda attempt: str(attempt[1]["at"]), reverse=True)
    problem = ""
    if attempts and attempts[0][1]["problems"]:
        first = attempts[0][1]["problems"]
        problem = f"The verification of {attempts[0][0].name} found {len(first)} differences, such as: {first[0]}."
    good = [datetime.fromisoformat(found["at"]) for _backup, found in attempts if not found["problems"]]
    return (max(good) if good else None), problem


def _verify_age_problem(backups: list[Backup], verified: datetime | None, now: datetime) -> str:
    """A shop whose first backup is younger than the limit is not late yet."""
    limit = timedelta(days=settings.BACKUP_VERIFY_MAX_AGE_DAYS)
    since = verified or (min(backup.made for backup in backups) if backups else now)
    if now - since <= limit:
        return ""
    return f"No backup was verified by restoring it in the last {settings.BACKUP_VERIFY_MAX_AGE_DAYS} days."


@transaction.atomic
def _note(found: dict[str, Any]) -> BackupWatch:
    watch = BackupWatch.objects.select_for_update().get(pk=BackupWatch.ONLY)
    for name, value in found.items():
        setattr(watch, name, value)
    watch.looked = timezone.now()
    if watch.problem and not watch.told:
        mails.send(template="mail/backup_problem", to=settings.SUPPORT_EMAIL, context={"problem": watch.problem})
    watch.told = bool(watch.problem)
    watch.save()
    return watch
