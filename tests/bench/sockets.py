"""Usage: python -m tests.bench.sockets BASE_URL --cookie sessionid=… --job ID --pid PID [--tell COMMAND]

Opens sockets to one live process, holds them, and prints what that costs it in memory. Then one word to all, which
COMMAND causes by bringing the job's progress to 500: how many hear it, and how long after the first. BASE_URL is the
process's own address, or nginx's; PID is the process, of which children count too. The bench calls it on its stack.
Beside an embedded shop: the cookie is of whoever owns the job, and the PID is that of `web` in `make ps`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

AT_A_TIME = 50  # handshakes
SECONDS_TO_HEAR = 30
WORD = 500  # the progress that is told to all


@dataclass
class Figures:
    sockets: int
    opened: int
    opening_seconds: float
    held: int  # still open after the wait
    before_megabytes: float
    open_megabytes: float
    after_megabytes: float
    heard: int = 0
    median_milliseconds: float = 0
    slowest_milliseconds: float = 0

    def report(self) -> str:
        each = (self.open_megabytes - self.before_megabytes) * 1024 / max(self.opened, 1)
        lines = [
            f"{self.opened} of {self.sockets} sockets opened in {self.opening_seconds:.1f} s; {self.held} still open",
            f"memory: {self.before_megabytes:.0f} MB before, {self.after_megabytes:.0f} MB after",
            f"        {self.open_megabytes:.0f} MB with them, {each:.0f} KB each",
        ]
        if self.heard:
            lines.append(
                f"one word to all: heard by {self.heard},"
                f" median {self.median_milliseconds:.0f} ms, slowest {self.slowest_milliseconds:.0f} ms"
            )
        return "\n".join(lines)


@dataclass
class Socket:
    """As little of a WebSocket as listening takes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard_at: float = 0  # when the word came
    is_open: bool = True

    @classmethod
    async def open(cls, base_url: str, path: str, *, cookie: str, origin: str) -> Socket:
        parts = urlsplit(base_url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1", f"Host: {urlsplit(origin).netloc}", f"Origin: {origin}", f"Cookie: {cookie}",
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
        ]  # fmt: skip
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            writer.close()
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        return cls(reader, writer)

    async def listen(self) -> None:
        """Frames from a server are not masked, and ours are short."""
        try:
            while True:
                first, length = await self.reader.readexactly(2)
                if length == 126:
                    length = int.from_bytes(await self.reader.readexactly(2))
                payload = await self.reader.readexactly(length)
                if first & 0x0F == 1 and json.loads(payload)["progress"]["current"] == WORD:
                    self.heard_at = self.heard_at or time.monotonic()
                if first & 0x0F == 8:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.is_open = False

    def close(self) -> None:
        self.writer.close()


async def measure(
    base_url: str,
    *,
    path: str,
    cookie: str,
    memory: Callable[[], float],
    origin: str = "",
    sockets: int = 500,
    seconds: float = 20,
    tell: Callable[[], Awaitable[object]] | None = None,
) -> Figures:
    """``memory`` says what the process holds, in MB; ``tell`` causes one word to all who listen."""
    gate = asyncio.Semaphore(AT_A_TIME)
    opened: list[Socket] = []

    async def open_one() -> None:
        async with gate:
            opened.append(await Socket.open(base_url, path, cookie=cookie, origin=origin or base_url))

    before = memory()
    started = time.monotonic()
    results = await asyncio.gather(*(open_one() for _ in range(sockets)), return_exceptions=True)
    took = time.monotonic() - started
    for problem in {str(result) for result in results if isinstance(result, BaseException)}:
        print(f"not opened: {problem}")
    listening = [asyncio.create_task(socket.listen()) for socket in opened]
    await asyncio.sleep(seconds)
    figures = Figures(
        sockets, len(opened), took, sum(socket.is_open for socket in opened), before, memory(), after_megabytes=0
    )
    if tell:
        await _tell(figures, opened, tell)
    for socket in opened:
        socket.close()
    await asyncio.gather(*listening)
    await asyncio.sleep(1)
    figures.after_megabytes = memory()
    return figures


async def _tell(figures: Figures, opened: list[Socket], tell: Callable[[], Awaitable[object]]) -> None:
    await tell()
    deadline = time.monotonic() + SECONDS_TO_HEAR
    while time.monotonic() < deadline and not all(socket.heard_at for socket in opened):
        await asyncio.sleep(0.05)
    moments = sorted(socket.heard_at for socket in opened if socket.heard_at)
    if moments:
        # Since the first who heard it: when it was sent, another process knows.
        figures.heard = len(moments)
        figures.median_milliseconds = (statistics.median(moments) - moments[0]) * 1000
        figures.slowest_milliseconds = (moments[-1] - moments[0]) * 1000


async def run(command: str) -> None:
    process = await asyncio.create_subprocess_shell(command)
    await process.wait()


def memory_of(pid: int) -> float:
    """In MB, of the process and its children, pages that they share counted once."""
    return sum(_proportional(each) for each in [pid, *_children(pid)]) / 1024


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        direct = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [*direct, *(below for child in direct for below in _children(child))]
    return []


def _proportional(pid: int) -> int:
    return kilobytes_in(Path(f"/proc/{pid}/smaps_rollup").read_text())


def kilobytes_in(rollups: str) -> int:
    """The sum over one or more of the kernel's smaps_rollup."""
    return sum(int(line.split()[1]) for line in rollups.splitlines() if line.startswith("Pss:"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base_url")
    parser.add_argument("--cookie", required=True)
    parser.add_argument("--job", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--origin", default="", help="the shop's address, where BASE_URL is not what visitors type")
    parser.add_argument("--tell", help="a command that tells of the job")
    options = parser.parse_args()
    figures = asyncio.run(
        measure(
            options.base_url,
            path=f"/ws/jobs/{options.job}/",
            cookie=options.cookie,
            memory=lambda: memory_of(options.pid),
            origin=options.origin,
            sockets=options.sockets,
            seconds=options.seconds,
            tell=(lambda: run(options.tell)) if options.tell else None,
        )
    )
    print(figures.report())


if __name__ == "__main__":
    main()
