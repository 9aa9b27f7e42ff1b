from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from tools.stripe_simulator.testing import Simulator


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path / "stripe") as simulator:
        yield simulator


@pytest.fixture
def client(simulator: Simulator) -> stripe.StripeClient:
    return client_of(simulator)


def client_of(simulator: Simulator, *, key: str | None = None, retries: int = 0) -> stripe.StripeClient:
    return stripe.StripeClient(
        key or simulator.api_key, base_addresses={"api": simulator.url}, max_network_retries=retries
    )


class Webhook:
    """A shop's endpoint: keeps what it is sent, and answers as told."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.statuses: list[int] = []
        self.payloads: list[tuple[bytes, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/stripe/webhook/"

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers["Content-Length"]))
                signature = self.headers["Stripe-Signature"]
                webhook.payloads.append((payload, signature))
                webhook.events.append(stripe.Webhook.construct_event(payload, signature, "whsec_simulator"))
                self.send_response(webhook.statuses.pop(0) if webhook.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments: Any) -> None:
                pass

        return Handler


@pytest.fixture
def webhook(simulator: Simulator) -> Iterator[Webhook]:
    webhook = Webhook()
    simulator.webhook_url = webhook.url
    yield webhook
    simulator.webhook_url = ""
    webhook.server.shutdown()
    webhook.server.server_close()


def params(**changes: Any) -> Any:
    """What a shop asks for: two cups at 10.00 and their shipping at 4.90, in euros."""
    price = {"currency": "eur", "unit_amount": 1000, "product_data": {"name": "Cup"}}
    rate = {"display_name": "Post", "type": "fixed_amount", "fixed_amount": {"amount": 490, "currency": "eur"}}
    return {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 2}],
        "shipping_options": [{"shipping_rate_data": rate}],
        "success_url": "https://shop.example.com/thanks/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.example.com/checkout/",
        "client_reference_id": "HNM-1",
        "customer_email": "alice@example.com",
        "metadata": {"order": "HNM-1"},
        "payment_intent_data": {"metadata": {"order": "HNM-1"}},
        **changes,
    }
