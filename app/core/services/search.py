"""Full-text search that behaves alike on SQLite (FTS5) and MySQL (FULLTEXT)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from core.services import full_text

LONGEST_QUERY = 100
MOST_MATCHES = 200
MOST_WORDS = 8
# MySQL's index leaves out shorter words, so a required short word would find nothing.
SHORTEST_WORD = 3


# MySQL's index leaves these out as well.
STOP_WORDS = frozenset(
    "about and are com for from how that the this was what when where who will with und www".split()  # noqa: SIM905
)


def words(query: str) -> list[str]:
    """The words of what somebody typed, without the signs that are operators to one database or the other."""
    return re.findall(r"[^\W_]+", query[:LONGEST_QUERY].lower())[:MOST_WORDS]


def find(
    queryset: QuerySet[Any], query: str, *, start: int, stop: int, title_fields: Sequence[str] = ("title",)
) -> list[Any]:
    """What has all the words, best first. Where the index knows none of them, the titles are looked through instead."""
    typed = words(query)
    indexed = [word for word in typed if len(word) >= SHORTEST_WORD and word not in STOP_WORDS]
    if indexed:
        return _by_index(queryset, indexed, start, stop)
    if typed:
        return list(queryset.filter(*(_in_any(title_fields, word) for word in typed))[start:stop])
    return []


def _by_index(queryset: QuerySet[Any], indexed: list[str], start: int, stop: int) -> list[Any]:
    ranked = full_text.keys(queryset.model, indexed, limit=MOST_MATCHES)
    visible = set(queryset.filter(pk__in=ranked).order_by().values_list("pk", flat=True))
    chosen = [pk for pk in ranked if pk in visible][start:stop]
    found = queryset.in_bulk(chosen)
    return [found[pk] for pk in chosen if pk in found]


def _in_any(fields: Sequence[str], word: str) -> Q:
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": word})
    return condition
