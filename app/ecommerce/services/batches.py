"""Reading many rows without having them all in memory, and without one query that lasts long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def batches(rows: QuerySet[Row], *, size: int, ids: Sequence[int] | None = None) -> Iterator[list[Row]]:
    """The rows by their keys, at most ``size`` at a time: all, or those with these keys.

    Not one moment's picture: what changes meanwhile may be read as it was or as it is, each row as a whole.
    """
    if ids is not None:
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), size):
            yield list(rows.filter(pk__in=wanted[start : start + size]).order_by("pk"))
        return
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk
