"""Django's Redis cache, except that its absence costs time and never a page.

Everything in the cache can be made again, so an answer that Redis does not give counts as "not there". After a failure
Redis is left alone for a few seconds: each call would otherwise wait for its time-out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 5.0


def _forgiving(method: Callable[..., Any], otherwise: Callable[..., Any]) -> Any:
    """The method, or what ``otherwise`` says to the same arguments while Redis does not answer."""

    @wraps(method)
    def attempt(self: ForgivingRedisCacheClient, *args: Any) -> Any:
        if time.monotonic() < self.silent_until:
            return otherwise(*args)
        try:
            return method(self, *args)
        except (RedisError, OSError) as error:
            self.silent_until = time.monotonic() + PAUSE_SECONDS
            log.warning("cache_away", error=str(error))
            return otherwise(*args)

    return attempt


class ForgivingRedisCacheClient(RedisCacheClient):
    silent_until = 0.0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        """One client for each pool: Django makes a new one for every call, a tenth of the time of a page."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # the stubs leave it out
        try:
            return self._clients[id(pool)]
        except KeyError:
            return self._clients.setdefault(id(pool), Redis(connection_pool=pool))

    add = _forgiving(RedisCacheClient.add, lambda key, value, timeout: True)
    get = _forgiving(RedisCacheClient.get, lambda key, default: default)
    set = _forgiving(RedisCacheClient.set, lambda key, value, timeout: None)
    touch = _forgiving(RedisCacheClient.touch, lambda key, timeout: False)
    delete = _forgiving(RedisCacheClient.delete, lambda key: False)
    get_many = _forgiving(RedisCacheClient.get_many, lambda keys: {})
    has_key = _forgiving(RedisCacheClient.has_key, lambda key: False)
    incr = _forgiving(RedisCacheClient.incr, lambda key, delta: delta)
    set_many = _forgiving(RedisCacheClient.set_many, lambda data, timeout: None)
    delete_many = _forgiving(RedisCacheClient.delete_many, lambda keys: None)
    clear = _forgiving(RedisCacheClient.clear, lambda: False)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingRedisCacheClient
