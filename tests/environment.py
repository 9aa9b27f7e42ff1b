"""What tests that start a shop or a stack share: its environment, a port for it, and waiting for it."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable
from typing import Any

INHERITED = re.compile(r"^(HOME|LANG|LC_.*|PATH|TERM|TMPDIR|DOCKER_.*|.*CERT.*|.*_CA_.*)$")


def outside() -> dict[str, str]:
    """This process's own environment, without the settings that /conftest.py made of it."""
    return {name: value for name, value in os.environ.items() if INHERITED.match(name)}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(condition: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Return what ``condition`` returns once that is true; fail, naming it, after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"After {seconds} s still not: {what}")
        time.sleep(0.3)
    return result
