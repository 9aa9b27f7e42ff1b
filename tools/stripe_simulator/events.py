"""Events: what happened, kept for the API to list and for the webhook to be told."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from .clock import Clock
from .configuration import API_VERSION, Configuration
from .faults import Faults
from .store import Body, Store, new_id

# The API request that is being answered, and its idempotency key: events name their cause.
REQUEST: ContextVar[tuple[str | None, str | None]] = ContextVar("REQUEST", default=(None, None))


class Events:
    def __init__(self, store: Store, clock: Clock, faults: Faults, configuration: Configuration) -> None:
        self._store = store
        self._clock = clock
        self._faults = faults
        self._configuration = configuration

    def happened(self, type: str, subject: Body, *, previous: dict[str, Any] | None = None) -> Body:  # noqa: A002
        """Keep an event about an object as it is now, and its deliveries, in the caller's transaction."""
        request, key = REQUEST.get()
        data: Body = {"object": subject}
        if previous is not None:
            data["previous_attributes"] = previous
        event: Body = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self._clock.seconds(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 1 if self._configuration.webhook_url else 0,
            "request": {"id": request, "idempotency_key": key},
            "type": type,
        }
        self._store.add(event)
        if self._configuration.webhook_url:
            self._plan(event["id"])
        return event

    def send_again(self, event_id: str) -> None:
        self._add_delivery(event_id, "waiting")

    def _plan(self, event_id: str) -> None:
        if self._faults.take("lose_events"):
            self._add_delivery(event_id, "lost")
        elif self._faults.take("reorder_events"):
            self._add_delivery(event_id, "held")
            if self._faults.left("reorder_events") == 0:
                self.release_held()
        else:
            repeats = int(self._faults.values["repeats"]) if self._faults.take("repeat_events") else 0
            for _ in range(1 + repeats):
                self._add_delivery(event_id, "waiting")

    def release_held(self) -> None:
        """Deliver what was held back, the last first."""
        held = self._store.rows("SELECT event_id FROM deliveries WHERE state = 'held' ORDER BY seq DESC")
        self._store.rows("DELETE FROM deliveries WHERE state = 'held'")
        for (event_id,) in held:
            self._add_delivery(event_id, "waiting")

    def _add_delivery(self, event_id: str, state: str) -> None:
        self._store.rows(
            "INSERT INTO deliveries (event_id, state, due) VALUES (?, ?, ?)", event_id, state, self._clock.now()
        )
