"""The HTTP server: the standard library's, one thread for each connection."""

from __future__ import annotations

import contextlib
import socket
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from .application import Application
from .web import Answer, CutOff, Request, json_answer

LARGEST_BODY = 1024 * 1024
SECONDS_TO_SEND = 30
# Pages load nothing but their own stylesheet and an empty icon. No form-action: paying redirects to the shop.
SECURITY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], application: Application) -> None:
        self.application = application
        self._connections: set[socket.socket] = set()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        # Without HTTPServer's question to the name server, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        """Hang up on clients that keep their connections: they are to ask whoever is here next."""
        super().server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            traceback.print_exc(file=sys.stderr)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "StripeSimulator"
    sys_version = ""
    timeout = SECONDS_TO_SEND
    server: Server

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_DELETE(self) -> None:
        self._respond()

    def _respond(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self._send(json_answer({"error": {"message": "Not a request", "type": "invalid_request_error"}}, 400))
            return
        parts = urlsplit(self.path)
        request = Request(self.command, unquote(parts.path), parts.query, self.headers, body)
        try:
            answer = self.server.application.answer(request)
        except CutOff:
            self.close_connection = True
            return
        except Exception:  # a defect of ours: in the log, and an answer all the same
            traceback.print_exc(file=sys.stderr)
            answer = json_answer({"error": {"message": "The simulator has a defect.", "type": "api_error"}}, 500)
        self._send(answer)

    def _body(self) -> str | None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return None
        try:
            return self.rfile.read(int(length)).decode()
        except UnicodeDecodeError:
            return None

    def _send(self, answer: Answer) -> None:
        content = answer.body.encode()
        self.send_response(answer.status)
        headers = {
            "Content-Type": answer.type,
            "Content-Length": str(len(content)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": SECURITY,
            "X-Content-Type-Options": "nosniff",
            **answer.headers,
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the base class's name
        """Nothing: the dashboard shows what happened."""
