"""How often one caller may do one thing: fixed windows, counted in the cache."""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog
from django.core.cache import cache
from django.utils.crypto import salted_hmac

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class RateLimit:
    """At most ``times`` within each window of ``seconds``."""

    name: str
    times: int
    seconds: int


class TooManyRequests(Exception):  # noqa: N818  # the name that HTTP gives it
    """The limit is used up. ``retry_after`` is in seconds."""

    def __init__(self, limit: RateLimit, retry_after: int) -> None:
        super().__init__(f"More than {limit.times} of {limit.name} in {limit.seconds} s.")
        self.limit = limit
        self.retry_after = retry_after


def count(limit: RateLimit, *identities: str) -> None:
    """Count one use by each of the identities (an address, an e-mail). Raises TooManyRequests once one is over.

    Without the cache everybody passes: losing a visitor's message would be worse than a flood that nginx limits too.
    """
    now = int(time.time())
    window, retry_after = now // limit.seconds, limit.seconds - now % limit.seconds
    uses = [_use(limit, identity, window) for identity in identities if identity]
    if max(uses, default=0) > limit.times:
        log.warning("rate_limited", limit=limit.name)
        raise TooManyRequests(limit, retry_after)


def _use(limit: RateLimit, identity: str, window: int) -> int:
    key = f"rate:{limit.name}:{window}:{_anonymous(identity)}"
    try:
        cache.add(key, 0, limit.seconds)
        return int(cache.incr(key))
    except ValueError:  # evicted between the two calls
        return 1


def _anonymous(identity: str) -> str:
    """Nobody who reads the cache learns who was here."""
    return salted_hmac("core.rate_limits", identity.lower()).hexdigest()[:32]
