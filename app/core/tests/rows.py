"""Many rows at once, for the tests that need a large shop or a long blog."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def insert(rows: Iterable[Row]) -> list[Row]:
    """Insert rows that have a slug by few statements, and give them their keys: MySQL does not say which it gave."""
    made = list(rows)
    if not made:
        return made
    model = type(made[0])
    model._default_manager.bulk_create(made, batch_size=500)
    keys = dict(model._default_manager.filter(slug__in=[row.slug for row in made]).values_list("slug", "pk"))
    for row in made:
        row.pk = keys[row.slug]
    return made
