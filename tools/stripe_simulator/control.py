"""The simulator's own switches, below /_simulator/: what tests ask and set, in JSON or as forms."""

from __future__ import annotations

import json
from typing import Any

from .errors import StripeError
from .simulator import Simulator
from .web import Answer, Request, json_answer


class Control:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def answer(self, request: Request) -> Answer:
        path = request.path.removeprefix("/_simulator").rstrip("/")
        try:
            return self._answered(request, path)
        except (StripeError, ValueError) as error:
            return json_answer({"error": str(error)}, getattr(error, "status", 400))

    def _answered(self, request: Request, path: str) -> Answer:
        reading = {
            "/health": lambda: {"status": "ok"},
            "/faults": self._simulator.faults.state,
            "/deliveries": self.deliveries,
        }
        if request.method == "GET" and path in reading:
            return json_answer(reading[path]())
        writing = {
            "/faults": self._faults,
            "/reset": self._reset,
            "/clock": self._clock,
            "/webhook": self._webhook,
            "/deliver": self._deliver,
        }
        if request.method == "POST" and path in writing:
            return json_answer(writing[path](_given(request)))
        if request.method == "POST" and self.act(path.strip("/").split("/"), _given(request)):
            self._simulator.wake()
            return json_answer({"status": "done"})
        return json_answer({"error": f"nothing here: {request.method} {request.path}"}, 404)

    def deliveries(self) -> list[dict[str, Any]]:
        rows = self._simulator.store.rows(
            "SELECT event_id, state, attempts, outcome, due FROM deliveries ORDER BY seq DESC LIMIT 500"
        )
        return [dict(zip(("event", "state", "attempts", "outcome", "due"), row, strict=True)) for row in rows]

    def act(self, path: list[str], given: dict[str, Any]) -> bool:
        """What the dashboard's buttons do. Whether there is such an action."""
        simulator = self._simulator
        with simulator.store.transaction():
            match path:
                case ["charges", charge, "refund"]:
                    amount = {"amount": str(given["amount"])} if given.get("amount") else {}
                    simulator.refunds.create({"charge": charge, "reason": "requested_by_customer", **amount})
                case ["charges", charge, "dispute"]:
                    simulator.disputes.open(charge)
                case ["disputes", dispute, "won" | "lost" as result]:
                    simulator.disputes.close(dispute, is_won=result == "won")
                case ["refunds", refund, "fail"]:
                    simulator.refunds.fail(refund)
                case ["sessions", session, "expire"]:
                    simulator.sessions.expire(session)
                case ["sessions", session, "succeed" | "fail" as result]:
                    simulator.sessions.settle(session, succeeds=result == "succeed")
                case ["events", event, "resend"]:
                    self._resend(event)
                case _:
                    return False
        return True

    def _resend(self, event_id: str) -> None:
        if self._simulator.store.find(event_id, "event") is None:
            raise StripeError(f"No such event: '{event_id}'", status=404)
        if not self._simulator.configuration.webhook_url:
            raise StripeError("No webhook is configured: set STRIPE_SIMULATOR_WEBHOOK_URL.")
        self._simulator.events.send_again(event_id)

    def _faults(self, given: dict[str, Any]) -> dict[str, Any]:
        simulator = self._simulator
        simulator.faults.set(given)
        if simulator.faults.left("reorder_events") == 0:
            with simulator.store.transaction():
                simulator.events.release_held()
            simulator.wake()
        return simulator.faults.state()

    def _reset(self, given: dict[str, Any]) -> dict[str, Any]:
        self._simulator.reset()
        return {"status": "done"}

    def _clock(self, given: dict[str, Any]) -> dict[str, Any]:
        """Move time on, and let happen what is then due."""
        seconds = float(given.get("advance", 0))
        if not 0 <= seconds <= 366 * 24 * 3600:
            raise ValueError("advance takes seconds, from 0 to a year")
        self._simulator.clock.advance(seconds)
        self._simulator.act_on_timers()
        self._simulator.wake()
        return {"now": self._simulator.clock.now()}

    def _webhook(self, given: dict[str, Any]) -> dict[str, Any]:
        """Send events elsewhere from now on; to nowhere when the address is empty."""
        url = str(given.get("url", ""))
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("url has to begin with http:// or https://")
        if url and not self._simulator.configuration.webhook_secret:
            raise ValueError("the simulator was started without STRIPE_WEBHOOK_SECRET")
        self._simulator.configuration.webhook_url = url
        return {"url": url}

    def _deliver(self, given: dict[str, Any]) -> dict[str, Any]:
        """Try everything that waits, now; answer when that is done."""
        self._simulator.act_on_timers()
        self._simulator.webhooks.retry_now()
        return {"delivered": self._simulator.webhooks.deliver_due()}


def _given(request: Request) -> dict[str, Any]:
    if not (request.headers.get("Content-Type") or "").startswith("application/json"):
        return dict(request.form)
    given = json.loads(request.body or "{}")
    if not isinstance(given, dict):
        raise ValueError("a JSON object is expected")  # one kind of error for the caller
    return given
