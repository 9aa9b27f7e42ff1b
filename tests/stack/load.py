"""Visitors of all kinds at once, as long as standard input is open: ``python -m tests.stack.load '{"port": …}'``.

Anonymous readers, buyers who are logged in, fill carts and post the checkout's form, and sockets. Connections are kept,
as browsers keep them. Prints at the end, as JSON, what was asked for, how often, and all that went wrong for a visitor.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import ssl
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.stack.buyer import ADDRESS, hidden, inputs

PATIENCE = 60.0
# Visitors come from networks of their own (of those that are set aside for tests of speed), as the shop believes: the
# limits for one address are in force. The server trusts this machine as it would trust a proxy in front.
ADDRESSES = (f"198.{18 + number // 250 % 2}.{number % 250}.7" for number in count())
PAGES = ("/", "/shop/", "/blog/", "/contact/", "/shop/search/?q=lamp", "/shop/?in_stock=on", "/accounts/login/")


@dataclass
class Tally:
    asked: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    # A kept connection that was closed while a request was on its way: browsers send that again by themselves.
    sent_again: int = 0
    sockets_reopened: int = 0


class ClosedError(Exception):
    """The connection ended before a byte of the answer had come."""


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


class Visitor:
    """One connection at a time, kept as long as the server keeps it, and cookies."""

    def __init__(self, settings: dict[str, Any], tally: Tally) -> None:
        self.port, self.domain = settings["port"], settings["domain"]
        self.tally = tally
        self.cookies: dict[str, str] = {}
        self.address = next(ADDRESSES)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = False

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return await asyncio.open_connection("127.0.0.1", self.port, ssl=context, server_hostname=self.domain)

    def hang_up(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams, self._used = None, False

    async def ask(self, method: str, path: str, form: dict[str, str] | None = None, *, kind: str = "") -> Answer | None:
        """The answer; None, and a failure in the tally, where there is none or it is no good one."""
        self.tally.asked[kind or path.partition("?")[0]] += 1
        started = time.monotonic()
        try:
            answer = await asyncio.wait_for(self._answered(method, path, form), PATIENCE)
        except Exception as error:  # whatever it is, a visitor would see an error page of the browser
            self.hang_up()
            self.tally.failures.append(f"{_clock()} {method} {path}: {error!r}")
            return None
        self.tally.times.append(time.monotonic() - started)
        if answer.status not in {200, 204, 302, 303, 304}:
            self.tally.failures.append(f"{_clock()} {method} {path}: {answer.status} {answer.text[:80]!r}")
            return None
        return answer

    async def _answered(self, method: str, path: str, form: dict[str, str] | None) -> Answer:
        try:
            return await self._once(method, path, form)
        except ClosedError:
            if not self._used:
                raise
        self.hang_up()
        self.tally.sent_again += 1
        return await self._once(method, path, form)

    async def _once(self, method: str, path: str, form: dict[str, str] | None) -> Answer:
        self._streams = self._streams or await self.connect()
        reader, writer = self._streams
        body = urlencode(form or {}).encode()
        lines = [
            f"{method} {path} HTTP/1.1", f"Host: {self.domain}", f"X-Forwarded-For: {self.address}",
            "User-Agent: load", "Accept: */*",
        ]  # fmt: skip
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            lines += [
                "Sec-Fetch-Site: same-origin",
                f"Origin: https://{self.domain}",
                f"Referer: https://{self.domain}{path}",
            ]
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError) as error:
            if not isinstance(error, asyncio.IncompleteReadError) or not error.partial:
                raise ClosedError from error
            raise
        self._used = True
        first, *rest = head.decode("latin-1").split("\r\n")[:-2]
        headers = [(name.lower(), value.strip()) for name, _colon, value in (line.partition(":") for line in rest)]
        answer = Answer(int(first.split()[1]), headers, b"")
        answer.body = await self._body(reader, answer)
        for name, value in headers:
            if name == "set-cookie":
                key, _equals, content = value.partition(";")[0].partition("=")
                self.cookies[key] = content
        if answer.header("connection").lower() == "close":
            self.hang_up()
        return answer

    async def _body(self, reader: asyncio.StreamReader, answer: Answer) -> bytes:
        if answer.status in {204, 304}:
            return b""
        if answer.header("transfer-encoding") != "chunked":
            return await reader.readexactly(int(answer.header("content-length") or 0))
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return body


def _clock() -> str:
    return time.strftime("%H:%M:%S", time.gmtime())


class Load:
    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.tally = Tally()
        self.over = asyncio.Event()
        # Requests begin at so many a second and no faster, whoever sends them: what is measured is failures, not speed.
        self.gap = 1 / settings["rate"]
        self.next = time.monotonic()

    def visitor(self) -> Visitor:
        return Visitor(self.settings, self.tally)

    async def turn(self) -> None:
        now = time.monotonic()
        # Behind by more than a second, it does not make up for it with a burst.
        self.next = max(self.next + self.gap, now - 1)
        if self.next > now:
            await asyncio.sleep(self.next - now)

    async def read(self, number: int) -> None:
        visitor, chance = self.visitor(), random.Random(number)
        found = ["/"]
        while not self.over.is_set():
            await self.turn()
            path = chance.choice([*PAGES, *found])
            answer = await visitor.ask(
                "GET", path, kind="page" if not path.startswith(("/static", "/media")) else "file"
            )
            if answer and path == "/shop/":
                found = (
                    re.findall(r'(?:href|src)="(/(?:shop/products|static|media)/[^"?#]+)"', answer.text)[:12] or found
                )

    async def buy(self, number: int) -> None:
        visitor = self.visitor()
        page = await visitor.ask("GET", "/accounts/login/")
        if page is None:
            return
        login = {"login": f"load-{number}@example.com", "password": self.settings["password"]}
        answer = await visitor.ask("POST", "/accounts/login/", {**hidden(page.text, "login"), **login}, kind="login")
        if not answer or answer.status != 302:
            self.tally.failures.append(f"{_clock()} the login of {login['login']} was refused")
            return
        while not self.over.is_set():
            await self._fill_cart_and_post(visitor, login["login"])
            visitor.address = next(ADDRESSES)

    async def _fill_cart_and_post(self, visitor: Visitor, email: str) -> None:
        form = {"variant": self.settings["sku"], "quantity": "1"}
        for method, path, data in (
            ("GET", self.settings["product"], None),
            ("POST", "/shop/cart/add/", form),
            ("GET", "/shop/cart/", None),
        ):
            await self.turn()
            await visitor.ask(method, path, data, kind=f"cart {method}")
        await self.turn()
        page = await visitor.ask("GET", "/shop/checkout/", kind="checkout GET")
        if page is None or page.status != 200:
            return
        methods = [tag["value"] for tag in inputs(page.text) if tag["name"] == "method"] or [""]
        typed = {"email": email, **ADDRESS, "method": methods[0], "terms": "on", "action": "update"}
        await self.turn()
        await visitor.ask("POST", "/shop/checkout/", {**hidden(page.text, "email"), **typed}, kind="checkout POST")

    async def watch(self, number: int) -> None:
        """A socket for as long as it lasts, and then the next: only one that is refused is a failure."""
        visitor = self.visitor()
        visitor.cookies["sessionid"] = self.settings["session"]
        first = True
        while not self.over.is_set():
            if not first:
                self.tally.sockets_reopened += 1
            first = False
            try:
                await asyncio.wait_for(self._socket(visitor), None)
            except Exception as error:  # as above
                self.tally.failures.append(f"{_clock()} socket: {error!r}")
                await asyncio.sleep(1)

    async def _socket(self, visitor: Visitor) -> None:
        reader, writer = await visitor.connect()
        try:
            self.tally.asked["socket"] += 1
            writer.write(
                f"GET {self.settings['socket']} HTTP/1.1\r\nHost: {visitor.domain}\r\nConnection: Upgrade\r\n"
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                f"Origin: https://{visitor.domain}\r\nCookie: sessionid={visitor.cookies['sessionid']}\r\n\r\n".encode()
            )
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
            if b" 101 " not in head.partition(b"\r\n")[0]:
                raise RuntimeError(head.partition(b"\r\n")[0].decode())
            ended = asyncio.create_task(self.over.wait())
            try:
                while not self.over.is_set():
                    said = asyncio.create_task(reader.read(4096))
                    await asyncio.wait({said, ended}, return_when=asyncio.FIRST_COMPLETED)
                    if (
                        not said.done() or not said.result() or said.result()[0] == 0x88
                    ):  # closed, by a frame or without
                        said.cancel()
                        return
            finally:
                ended.cancel()
        except (ConnectionError, ssl.SSLError):
            return
        finally:
            writer.close()

    async def run(self) -> None:
        kinds: list[tuple[Callable[[int], Awaitable[None]], int]] = [
            (self.read, self.settings["readers"]),
            (self.buy, self.settings["buyers"]),
            (self.watch, self.settings["sockets"]),
        ]
        started = time.monotonic()
        tasks = [asyncio.ensure_future(kind(number)) for kind, count in kinds for number in range(count)]
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        self.over.set()
        await asyncio.gather(*tasks)
        seconds = time.monotonic() - started
        times = sorted(self.tally.times)
        print(json.dumps({
            "seconds": round(seconds), "asked": dict(self.tally.asked), "total": len(times),
            "rate": round(len(times) / seconds, 1), "failures": self.tally.failures[:40],
            "failed": len(self.tally.failures), "sent_again": self.tally.sent_again,
            "sockets_reopened": self.tally.sockets_reopened,
            "median_ms": round(times[len(times) // 2] * 1000) if times else 0,
            "p99_ms": round(times[int(len(times) * 0.99)] * 1000) if times else 0,
        }))  # fmt: skip


if __name__ == "__main__":
    asyncio.run(Load(json.loads(sys.argv[1])).run())
