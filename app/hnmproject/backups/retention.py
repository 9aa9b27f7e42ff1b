"""Which backups stay: those of the last day, and the newest of each of the last days, weeks and months with one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Policy:
    daily: int
    weekly: int
    monthly: int


def kept(times: Iterable[datetime], policy: Policy) -> set[datetime]:
    """The newest of all always stays, whatever the numbers are."""
    newest_first = sorted(times, reverse=True)
    periods = (
        (policy.daily, lambda time: time.date()),
        (policy.weekly, lambda time: time.isocalendar()[:2]),
        (policy.monthly, lambda time: (time.year, time.month)),
    )
    # All of the last day: who has restored the wrong second tries another, from the backup of before.
    stay = {time for time in newest_first if newest_first[0] - time < timedelta(days=1)}
    for number, period in periods:
        newest_of: dict[object, datetime] = {}
        for time in newest_first:
            newest_of.setdefault(period(time), time)
        stay |= set(list(newest_of.values())[:number])
    return stay
