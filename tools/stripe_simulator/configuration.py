"""What the simulator is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

# What the installed SDK speaks, and what events say they are written in. A test holds it equal to the SDK's.
API_VERSION = "2026-10-28.endive"
DEFAULT_PORT = 12111
# Stripe takes days over these; here somebody is watching.
RETRY_AFTER_SECONDS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)


class ConfigurationError(Exception):
    """What is wrong, in one line that says what to change."""


@dataclass
class Configuration:
    folder: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    # Empty: every key that begins as test keys do is accepted.
    api_key: str = ""
    webhook_secret: str = ""
    webhook_url: str = ""
    # Where browsers find the payment page, when that is not where the API is.
    public_url: str = ""
    seconds_until_delayed: float = 20.0
    retry_after_seconds: tuple[float, ...] = field(default=RETRY_AFTER_SECONDS)

    def __post_init__(self) -> None:
        if "_live_" in self.api_key:
            raise ConfigurationError("STRIPE_API_KEY is a live key: the simulator takes test keys only (sk_test_…).")
        if self.api_key and not is_test_key(self.api_key):
            raise ConfigurationError("STRIPE_API_KEY is no secret test key: it has to begin with sk_test_.")
        if self.webhook_url and not self.webhook_secret:
            raise ConfigurationError("STRIPE_WEBHOOK_SECRET is missing: events for a webhook have to be signed.")

    @property
    def browser_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Configuration:
        """Read the variables that README.md lists. Raise ConfigurationError for what cannot be."""
        folder = environment.get("STRIPE_SIMULATOR_DIR")
        if not folder:
            raise ConfigurationError("STRIPE_SIMULATOR_DIR is missing: the folder that keeps the simulator's state.")
        return cls(
            folder=Path(folder),
            host=environment.get("STRIPE_SIMULATOR_HOST") or "127.0.0.1",
            port=int(_number(environment, "STRIPE_SIMULATOR_PORT", DEFAULT_PORT)),
            api_key=environment.get("STRIPE_API_KEY", ""),
            webhook_secret=environment.get("STRIPE_WEBHOOK_SECRET", ""),
            webhook_url=_address(environment, "STRIPE_SIMULATOR_WEBHOOK_URL"),
            public_url=_address(environment, "STRIPE_SIMULATOR_PUBLIC_URL"),
            seconds_until_delayed=_number(environment, "STRIPE_SIMULATOR_DELAY_SECONDS", 20),
        )


def is_test_key(key: str) -> bool:
    return key.startswith(("sk_test_", "rk_test_"))


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    try:
        number = float(environment.get(name) or default)
    except ValueError:
        number = -1
    if number < 0:
        raise ConfigurationError(f"{name}={environment[name]} is not a number from 0 up.")
    return number


def _address(environment: Mapping[str, str], name: str) -> str:
    address = environment.get(name, "")
    if address and (urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc):
        raise ConfigurationError(f"{name}={address} is not an address: it has to begin with http:// or https://.")
    return address
