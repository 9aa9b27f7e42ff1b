"""Values that are cheap to keep and dear to make. A cache that is away costs time, never a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

Value = TypeVar("Value")
_MISSING = object()


def get_or_make(key: str, make: Callable[[], Value], *, seconds: int) -> Value:
    """The cached value, or a new one that is then cached."""
    try:
        kept = cache.get(key, _MISSING)
    except (RedisError, OSError) as error:
        log.warning("cache_away", key=key, error=str(error))
        return make()
    if kept is not _MISSING:
        return kept  # type: ignore[no-any-return]  # what was put under this key is what make() returns
    value = make()
    _keep(key, value, seconds)
    return value


def forget_on_commit(*keys: str) -> None:
    """Drop the values once the change that outdates them is visible to everyone."""
    transaction.on_commit(lambda: _forget(keys))


def _keep(key: str, value: object, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except (RedisError, OSError) as error:
        log.warning("cache_away", key=key, error=str(error))


def _forget(keys: tuple[str, ...]) -> None:
    try:
        cache.delete_many(keys)
    except (RedisError, OSError) as error:
        log.warning("cache_away", keys=keys, error=str(error))
