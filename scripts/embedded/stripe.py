"""The Stripe simulator of embedded mode: started where no account of one's own is configured."""

from __future__ import annotations

import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from .place import EmbeddedError, Place, setting
from .valkey import free_port


@dataclass(frozen=True)
class Simulator:
    folder: Path
    port: int
    api_key: str
    webhook_secret: str

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "tools.stripe_simulator"]

    @property
    def shop_environment(self) -> dict[str, str]:
        """What the shop needs to know of it."""
        return {
            "STRIPE_API_KEY": self.api_key,
            "STRIPE_WEBHOOK_SECRET": self.webhook_secret,
            "STRIPE_API_BASE": self.address,
        }

    def environment(self, place: Place) -> dict[str, str]:
        return self.shop_environment | {
            "PYTHONPATH": str(place.root),
            "STRIPE_SIMULATOR_DIR": str(self.folder),
            "STRIPE_SIMULATOR_PORT": str(self.port),
            "STRIPE_SIMULATOR_PUBLIC_URL": self.address,
            "STRIPE_SIMULATOR_WEBHOOK_URL": f"{place.address}/stripe/webhook/",
        }


def simulator(place: Place) -> Simulator | None:
    """The simulator to start, or None where Stripe itself is configured."""
    if setting("STRIPE_API_KEY") or setting("STRIPE_API_KEY_FILE") or setting("STRIPE_API_BASE"):
        return None
    folder = place.var / "stripe"
    folder.mkdir(parents=True, exist_ok=True)
    return Simulator(
        folder=folder,
        port=_port(folder),
        api_key=_kept(folder / "api-key", f"sk_test_simulator_{secrets.token_hex(12)}"),
        webhook_secret=_kept(folder / "webhook-secret", f"whsec_simulator_{secrets.token_hex(12)}"),
    )


def _port(folder: Path) -> int:
    """The configured one; else the last start's, so that open payment pages stay where they were; else a free one.

    No usual one: two shops that start at the same moment would both find it free.
    """
    if configured := setting("STRIPE_PORT"):
        if not configured.isdecimal() or not 0 < int(configured) < 65536:
            raise EmbeddedError(f"STRIPE_PORT={configured} is not a port: use a number from 1024 to 65535.")
        if not _is_free(int(configured)):
            raise EmbeddedError(f"port {configured} is taken: use another, as “STRIPE_PORT=12112 make run”.")
        return int(configured)
    last = folder / "port"
    known = last.read_text().strip() if last.exists() else ""
    port = int(known) if known.isdecimal() and _is_free(int(known)) else free_port()
    last.write_text(str(port))
    return port


def _is_free(port: int) -> bool:
    try:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def _kept(file: Path, new: str) -> str:
    """A secret that stays the same from start to start, readable by its owner alone."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(new)
    return file.read_text()
