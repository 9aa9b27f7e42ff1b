"""The simulator for tests: on a free port, in threads of the test's own process.

simulator = Simulator(tmp_path)
simulator.start()
settings.STRIPE_API_BASE = simulator.url
…
simulator.pay(session.url)
simulator.stop()
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from .application import Application
from .configuration import Configuration
from .server import Server
from .simulator import Simulator as Parts


class Simulator:
    """``webhook_url``: where events go, settable at any time. Without one they only are in the list of events."""

    def __init__(
        self,
        folder: Path,
        *,
        api_key: str = "sk_test_simulator",
        webhook_secret: str = "whsec_simulator",  # noqa: S107  # signs play money
        webhook_url: str = "",
        seconds_until_delayed: float = 20.0,
        retry_after_seconds: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4),
        port: int = 0,
    ) -> None:
        self.api_key = api_key
        self.webhook_secret = webhook_secret
        self._configuration = Configuration(
            folder=folder,
            port=port,
            api_key=api_key,
            webhook_secret=webhook_secret,
            webhook_url=webhook_url,
            seconds_until_delayed=seconds_until_delayed,
            retry_after_seconds=retry_after_seconds,
        )
        self.parts: Parts | None = None
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    # --- Starting and stopping ---------------------------------------------------------------------------------------

    def start(self) -> Simulator:
        """Start it, and keep its port over a stop and another start."""
        self.parts = Parts(self._configuration)
        self._server = Server((self._configuration.host, self._configuration.port), Application(self.parts))
        self._configuration.port = self._server.server_port
        self._configuration.public_url = self.url
        self.parts.start()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._server is None or self._thread is None or self.parts is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.parts.stop()
        self._server = None

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._configuration.port}"

    @property
    def webhook_url(self) -> str:
        return self._configuration.webhook_url

    @webhook_url.setter
    def webhook_url(self, address: str) -> None:
        self._configuration.webhook_url = address

    # --- What a buyer does -------------------------------------------------------------------------------------------

    def pay(self, session: str, card: str = "4242424242424242", *, email: str = "buyer@example.com") -> str:
        """Pay a session (its id or its url) on the payment page, with one of Stripe's test numbers.

        Return where the buyer is sent: the shop's success page, the authentication page, or “” when the page said no.
        """
        return self.post(f"/c/pay/{self._session_id(session)}", {"method": "other", "number": card, "email": email})

    def authenticate(self, session: str, *, succeeds: bool = True) -> str:
        """Complete or fail what a card such as 4000002500003155 asked for; return where the buyer is sent."""
        answer = "complete" if succeeds else "fail"
        return self.post(f"/c/pay/{self._session_id(session)}/authenticate", {"answer": answer})

    def settle(self, session: str, *, succeeds: bool = True) -> None:
        """End a delayed payment now, either way."""
        self.control(f"sessions/{self._session_id(session)}/{'succeed' if succeeds else 'fail'}")

    def _session_id(self, session: str) -> str:
        return session.partition("#")[0].rstrip("/").rpartition("/")[2]

    # --- What Stripe's dashboard does --------------------------------------------------------------------------------

    def refund(self, charge: str, amount: int | None = None) -> None:
        self.control(f"charges/{charge}/refund", {"amount": amount} if amount else {})

    def fail_refund(self, refund: str) -> None:
        self.control(f"refunds/{refund}/fail")

    def dispute(self, charge: str) -> None:
        self.control(f"charges/{charge}/dispute")

    def close_dispute(self, dispute: str, *, is_won: bool) -> None:
        self.control(f"disputes/{dispute}/{'won' if is_won else 'lost'}")

    def resend(self, event: str) -> None:
        self.control(f"events/{event}/resend")

    # --- The simulator's own switches --------------------------------------------------------------------------------

    def faults(self, **switches: float) -> dict[str, Any]:
        """Set switches, as faults.py lists them (latency=1, latency_seconds=0.2); return how all stand."""
        return dict(self.control("faults", switches))

    def advance(self, seconds: float) -> None:
        """Move the simulator's clock on: what is then due happens before this returns, its events are sent after."""
        self.control("clock", {"advance": seconds})

    def deliver(self) -> None:
        """Send everything that waits, now, and return when it was sent."""
        self.control("deliver")

    def reset(self) -> None:
        self.control("reset")

    def deliveries(self) -> list[dict[str, Any]]:
        """How each event's delivery stands, the newest first."""
        return list(self._open(urllib.request.Request(f"{self.url}/_simulator/deliveries")))  # noqa: S310  # our own

    def events(self, type: str | None = None) -> list[dict[str, Any]]:  # noqa: A002  # Stripe's name
        """Every event, the oldest first."""
        assert self.parts is not None  # noqa: S101  # it is started
        events = [event for event in self.parts.store.newest("event") if type in (None, event["type"])]
        return events[::-1]

    # --- Over HTTP ---------------------------------------------------------------------------------------------------

    def control(self, path: str, values: Mapping[str, Any] | None = None) -> Any:
        return self._open(
            urllib.request.Request(  # noqa: S310  # our own address
                f"{self.url}/_simulator/{path}",
                data=json.dumps(values or {}).encode(),
                headers={"Content-Type": "application/json"},
            )
        )

    @staticmethod
    def _open(request: urllib.request.Request) -> Any:
        try:
            with _OPENER.open(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(json.load(error)["error"]) from None

    def post(self, path: str, fields: Mapping[str, str]) -> str:
        """Send a form; return where its answer redirects to, or “”."""
        request = urllib.request.Request(f"{self.url}{path}", data=urllib.parse.urlencode(fields).encode())  # noqa: S310
        try:
            with _OPENER.open(request, timeout=30):
                return ""
        except urllib.error.HTTPError as error:
            with error:
                return str(error.headers.get("Location") or "") if error.code == 303 else ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        """The shop's pages are for the test to open."""


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
