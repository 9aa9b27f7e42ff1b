"""Values that are cheap to keep and dear to make."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.db import transaction

Value = TypeVar("Value")
_MISSING = object()


def get_or_make(key: str, make: Callable[[], Value], *, seconds: int) -> Value:
    """The cached value, or a new one that is then cached."""
    kept = cache.get(key, _MISSING)
    if kept is not _MISSING:
        return kept  # type: ignore[no-any-return]  # what was put under this key is what make() returns
    value = make()
    cache.set(key, value, seconds)
    return value


def forget_on_commit(*keys: str) -> None:
    """Drop the values once the change that outdates them is visible to everyone."""
    transaction.on_commit(lambda: cache.delete_many(keys))
