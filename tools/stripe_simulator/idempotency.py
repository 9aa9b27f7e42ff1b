"""Idempotency keys: the same request again gets the same answer, without being done again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .clock import Clock
from .errors import StripeError, idempotency_error
from .store import Store

SECONDS_KEPT = 24 * 60 * 60
LONGEST_KEY = 255


@dataclass(frozen=True)
class Answer:
    status: int
    body: str


class IdempotencyKeys:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._running: set[str] = set()

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Be the only request with this key. Raise StripeError when another is still being answered."""
        if len(key) > LONGEST_KEY:
            raise StripeError(f"Idempotency keys have at most {LONGEST_KEY} characters.", is_kept=False)
        with self._lock:
            if key in self._running:
                raise StripeError(
                    "There is currently another in-progress request using this Idempotent Key (that probably means you "
                    f"submitted twice, and the other request is still going through): {key}. Please try again later.",
                    status=409,
                    type="idempotency_error",
                    code="idempotency_key_in_use",
                    is_kept=False,
                )
            self._running.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(key)

    def answer(self, key: str, *, endpoint: str, parameters: str) -> Answer | None:
        """What the key's first request was answered. Raise StripeError when this is another request."""
        self._store.rows("DELETE FROM answers WHERE created < ?", self._clock.now() - SECONDS_KEPT)
        for first_endpoint, first_parameters, status, body in self._store.rows(
            "SELECT endpoint, parameters, status, body FROM answers WHERE key = ?", key
        ):
            if first_endpoint != endpoint:
                raise idempotency_error(
                    "Keys for idempotent requests can only be used for the same endpoint they were first used for "
                    f"('{endpoint}' vs '{first_endpoint}'). Try using a key other than '{key}' if you meant to execute "
                    "a different request."
                )
            if first_parameters != parameters:
                raise idempotency_error(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                    f"Try using a key other than '{key}' if you meant to execute a different request."
                )
            return Answer(int(status), str(body))
        return None

    def keep(self, key: str, answer: Answer, *, endpoint: str, parameters: str) -> None:
        self._store.rows(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)",
            key, endpoint, parameters, answer.status, answer.body, self._clock.now(),
        )  # fmt: skip
