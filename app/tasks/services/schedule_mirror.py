"""Mirroring the schedules of the code into django-celery-beat's tables, without undoing what staff changed there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from tasks.schedules import Schedule

MARK = "mirrored"  # a key of the entry's headers: what code last wrote there, as name and digest


@dataclass
class Report:
    """The names of the entries, by what was done with them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@transaction.atomic
def mirror(schedules: Iterable[Schedule]) -> Report:
    """Create what is missing, update what nobody edited, remove ours that the code no longer has. Safe to repeat."""
    report = Report()
    wanted = {schedule.name: schedule for schedule in schedules}
    entries = {entry.name: entry for entry in PeriodicTask.objects.select_related("interval", "crontab")}
    for schedule in wanted.values():
        _mirror_one(schedule, entries.get(schedule.name), report)
    for entry in entries.values():
        if entry.name not in wanted and _is_ours(entry):
            entry.delete()
            report.removed.append(entry.name)
    return report


def _mirror_one(schedule: Schedule, entry: Any, report: Report) -> None:
    if entry is None:
        _write(PeriodicTask(name=schedule.name), schedule)
        report.created.append(schedule.name)
    elif not _is_ours(entry) or _mark(entry)["digest"] != _digest(_live(entry)):
        report.left_alone.append(schedule.name)
    elif _live(entry) != _definition(schedule):
        _write(entry, schedule)
        report.updated.append(schedule.name)
    else:
        report.unchanged.append(schedule.name)


def _write(entry: Any, schedule: Schedule) -> None:
    definition = _definition(schedule)
    entry.task = schedule.task
    entry.description = schedule.description
    entry.queue = schedule.queue
    entry.kwargs = json.dumps(schedule.kwargs)
    entry.expire_seconds = schedule.expire_seconds
    entry.interval = _interval(definition["every"])
    entry.crontab = _crontab(definition["crontab"])
    entry.headers = json.dumps({MARK: {"name": schedule.name, "digest": _digest(definition)}})
    entry.save()


def _interval(seconds: int | None) -> Any:
    if seconds is None:
        return None
    values = {"every": seconds, "period": IntervalSchedule.SECONDS}
    return IntervalSchedule.objects.filter(**values).first() or IntervalSchedule.objects.create(**values)


def _crontab(expression: str | None) -> Any:
    if expression is None:
        return None
    names = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
    values = {**dict(zip(names, expression.split(), strict=True)), "timezone": "UTC"}
    return CrontabSchedule.objects.filter(**values).first() or CrontabSchedule.objects.create(**values)


def _definition(schedule: Schedule) -> dict[str, Any]:
    return {
        "task": schedule.task,
        "description": schedule.description,
        "queue": schedule.queue,
        "kwargs": schedule.kwargs,
        "expire_seconds": schedule.expire_seconds,
        "every": int(schedule.every.total_seconds()) if schedule.every else None,
        "crontab": schedule.crontab,
        "enabled": True,
    }


def _live(entry: Any) -> dict[str, Any]:
    """The entry as it stands, in the words of a definition; anything these cannot say makes it differ from all."""
    return {
        "task": entry.task,
        "description": entry.description,
        "queue": entry.queue,
        "kwargs": _parsed(entry.kwargs),
        "expire_seconds": entry.expire_seconds,
        "every": int(entry.schedule.run_every.total_seconds()) if entry.interval else None,
        "crontab": _expression(entry.crontab),
        "enabled": entry.enabled,
        **({"solar": entry.solar_id} if entry.solar_id else {}),
        **({"clocked": entry.clocked_id} if entry.clocked_id else {}),
    }


def _expression(crontab: Any) -> str | None:
    if crontab is None:
        return None
    parts = (crontab.minute, crontab.hour, crontab.day_of_month, crontab.month_of_year, crontab.day_of_week)
    zone = "" if str(crontab.timezone) == "UTC" else f" {crontab.timezone}"
    return " ".join(parts) + zone


def _is_ours(entry: Any) -> bool:
    """Also the name is compared: a copy that staff made of an entry of ours is theirs."""
    return bool(_mark(entry).get("name") == entry.name)


def _mark(entry: Any) -> dict[str, str]:
    headers = _parsed(entry.headers)
    mark = headers.get(MARK) if isinstance(headers, dict) else None
    return mark if isinstance(mark, dict) else {}


def _digest(definition: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text or "{}")
    except ValueError:
        return None
