"""Webhooks: signed events, posted in order to one address, again and again until it answers 2xx."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from .clock import Clock
from .configuration import Configuration
from .store import Store

SECONDS_TO_ANSWER = 10
USER_AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks; simulated)"


class Webhooks:
    def __init__(self, store: Store, clock: Clock, configuration: Configuration) -> None:
        self._store = store
        self._clock = clock
        self._configuration = configuration
        # One delivery at a time, so that events arrive in the order that they are in.
        self._delivering = threading.Lock()

    def deliver_due(self) -> int:
        """Deliver what is due, each once; return how many that was."""
        with self._delivering:
            count = 0
            while (delivery := self._next_due()) is not None:
                self._deliver(*delivery)
                count += 1
            return count

    def retry_now(self) -> None:
        """Make everything that waits for another try due at once."""
        self._store.rows("UPDATE deliveries SET due = 0 WHERE state = 'waiting'")

    def _next_due(self) -> tuple[int, str, int] | None:
        if not self._configuration.webhook_url:
            return None
        rows = self._store.rows(
            "SELECT seq, event_id, attempts FROM deliveries WHERE state = 'waiting' AND due <= ? ORDER BY seq LIMIT 1",
            self._clock.now(),
        )
        return (int(rows[0][0]), str(rows[0][1]), int(rows[0][2])) if rows else None

    def _deliver(self, seq: int, event_id: str, attempts: int) -> None:
        event = self._store.find(event_id, "event")
        outcome = self._post(event) if event else "the event is gone"
        is_delivered = outcome.startswith("2")
        retries = self._configuration.retry_after_seconds
        if is_delivered or attempts >= len(retries):
            state, due = ("delivered" if is_delivered else "failed"), 0.0
        else:
            state, due = "waiting", self._clock.now() + retries[attempts]
        with self._store.transaction():
            self._store.rows(
                "UPDATE deliveries SET state = ?, due = ?, attempts = ?, outcome = ? WHERE seq = ?",
                state, due, attempts + 1, outcome, seq,
            )  # fmt: skip
            # It may have been forgotten meanwhile, by a reset.
            if is_delivered and event and self._store.find(event_id, "event"):
                self._store.save(event | {"pending_webhooks": 0})

    def _post(self, event: dict[str, Any]) -> str:
        payload = json.dumps(event, indent=2).encode()
        request = urllib.request.Request(  # noqa: S310  # configured, and checked to be http
            self._configuration.webhook_url,
            data=payload,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": USER_AGENT,
                "Stripe-Signature": signature(payload, self._configuration.webhook_secret),
            },
        )
        try:
            with _OPENER.open(request, timeout=SECONDS_TO_ANSWER) as response:
                return str(response.status)
        except urllib.error.HTTPError as error:
            with error:
                return f"{error.code} {error.reason}"
        except OSError as error:
            return f"not reached: {error}"[:300]
        except Exception as error:  # whatever else an endpoint may answer is its fault, not a reason to stop
            return f"no answer in HTTP: {error}"[:300]


def signature(payload: bytes, secret: str, *, timestamp: int | None = None) -> str:
    """A Stripe-Signature header. Its time is the real one: whoever verifies it compares with a real clock."""
    timestamp = int(time.time()) if timestamp is None else timestamp
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={signed}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        """Stripe follows none either."""


# No proxy: the webhook is on this machine or beside this container.
_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
