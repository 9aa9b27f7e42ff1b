"""A server of somebody else, for tests of what is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from core.services import fetching


def allow_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files come from the server of a test, which is on this machine."""
    monkeypatch.setattr(fetching, "public_addresses", lambda host, port: [host])
    monkeypatch.setattr(fetching, "allowed_port", lambda port: True)


@contextmanager
def serving(files: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """A server that answers each path with these bytes, status number or redirect; the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer = files.get(self.path, 404)
            if isinstance(answer, str):
                self.send_response(302)
                self.send_header("Location", answer)
                answer = b""
            else:
                self.send_response(answer if isinstance(answer, int) else 200)
                answer = b"" if isinstance(answer, int) else answer
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
