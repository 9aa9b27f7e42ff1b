"""One process of the shop: started in a process group of its own, read line by line, and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from .output import Output

PR_SET_PDEATHSIG = 1
LONGEST_LINE = 1024 * 1024

# Loaded before any fork: the child must do nothing but the one call.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_the_manager() -> None:
    """Even when the manager is killed outright its processes get SIGTERM from the kernel. Linux only."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Service:
    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        cwd: Path,
        environment: dict[str, str],
        output: Output,
        seconds_to_stop: float = 5,
    ) -> None:
        self.name = name
        self._command = command
        self._cwd = cwd
        self._environment = environment
        self._output = output
        self._seconds_to_stop = seconds_to_stop
        self._process: asyncio.subprocess.Process | None = None
        self._end: asyncio.Task[int] | None = None
        self._is_stopping = False

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def is_running(self) -> bool:
        return self._end is not None and not self._end.done()

    async def start(self, on_end: Callable[[Service, int], None] | None = None) -> None:
        """Start it. ``on_end`` is told when it ends without having been stopped."""
        # A pipe of our own: asyncio's would let wait() wait for the grandchildren that hold it too.
        reading_end, writing_end = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._cwd,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing_end,
                stderr=writing_end,
                # Not in the terminal's group: Ctrl-C reaches the manager alone, which stops all in order.
                start_new_session=True,
                preexec_fn=_end_with_the_manager,
            )
        finally:
            os.close(writing_end)
        self._is_stopping = False
        self._end = asyncio.create_task(self._follow(self._process, reading_end, on_end))

    async def _follow(
        self,
        process: asyncio.subprocess.Process,
        reading_end: int,
        on_end: Callable[[Service, int], None] | None,
    ) -> int:
        reading = asyncio.create_task(self._read(reading_end))
        code = await process.wait()
        # Whatever it started ends with it, and then the pipe has no writer left.
        _kill_group(process.pid)
        await reading
        if on_end is not None and not self._is_stopping:
            on_end(self, code)
        return code

    async def _read(self, reading_end: int) -> None:
        stream = asyncio.StreamReader(limit=LONGEST_LINE)
        with os.fdopen(reading_end, "rb") as pipe:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(stream), pipe
            )
            while line := await _next_line(stream):
                self._output.line(self.name, line.decode(errors="replace").rstrip())
            transport.close()

    async def ended(self) -> int:
        """Wait for its end, and return its exit code."""
        return await asyncio.shield(self._end) if self._end else 0

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def stop(self) -> None:
        """Ask it to end, wait, then end it and whatever it started."""
        if self._end is None:
            return
        self._is_stopping = True
        if self.is_running:
            self.signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.ended(), self._seconds_to_stop)
        if self.is_running:
            _kill_group(self.pid)
        await self.ended()


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


async def _next_line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:  # longer than LONGEST_LINE: what was read of it is dropped
        return b"(a line too long to show)\n"
