"""A terminal: one shell that keeps its folder and variables, and commands left running beside it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

# Every process started for a chapter carries this variable, which is how none is overlooked.
MARK = "HANDBOOK_RUN"

# Seconds that the children of a stopped command have to be gone.
GRACE = 5.0


class DeadlineError(Exception):
    """The time is up. ``output`` is what was printed until then."""

    def __init__(self, output: str) -> None:
        super().__init__("deadline")
        self.output = output


def _listen_to_ctrl_c() -> None:
    """A reader's terminal does. What runs in the background of a script, as CI may, ignores it and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Process:
    """A process of its own process group, whose output is collected as it comes."""

    def __init__(self, arguments: list[str], *, folder: Path, environment: dict[str, str]) -> None:
        self._popen = subprocess.Popen(
            arguments,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_listen_to_ctrl_c,
        )
        self._output = bytearray()
        self._ended = False
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._popen.stdout
        while chunk := os.read(self._popen.stdout.fileno(), 65536):
            with self._news:
                self._output += chunk
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def output(self) -> str:
        return self._output.decode(errors="replace")

    @property
    def has_ended(self) -> bool:
        return self._ended

    def write(self, text: str) -> None:
        assert self._popen.stdin
        self._popen.stdin.write(text.encode())
        self._popen.stdin.flush()

    def wait_until(self, condition: Callable[[], bool], deadline: float) -> None:
        """Return when the condition holds or the process has ended; raise DeadlineError when the time is up."""
        with self._news:
            if not self._news.wait_for(lambda: condition() or self._ended, timeout=deadline):
                raise DeadlineError(self.output)

    def wait(self, deadline: float) -> int:
        try:
            return self._popen.wait(timeout=deadline)
        except subprocess.TimeoutExpired:
            raise DeadlineError(self.output) from None

    def interrupt(self) -> None:
        self._signal(signal.SIGINT)

    def close(self) -> None:
        self._signal(signal.SIGKILL)
        self._popen.wait()
        self._reader.join(timeout=5)
        for stream in (self._popen.stdin, self._popen.stdout):
            assert stream
            stream.close()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._popen.pid, number)
        except (ProcessLookupError, PermissionError):  # it has gone already
            return


class Session:
    """What a reader does in terminals: one for the commands, one more for each that is left running."""

    def __init__(self, *, folder: Path, environment: dict[str, str]) -> None:
        self._mark = secrets.token_hex(8)
        self._environment = {**environment, MARK: self._mark}
        self._folder = folder
        self._background: list[Process] = []
        self._scripts = tempfile.TemporaryDirectory(prefix="handbook-")
        self._shell = self._start(["bash", "--noprofile", "--norc"], folder)

    def _start(self, arguments: list[str], folder: Path) -> Process:
        return Process(arguments, folder=folder, environment=self._environment)

    def run(self, command: str, deadline: float) -> tuple[int, str]:
        """The exit code and the output. Folder, variables and functions stay for the next command."""
        script, end = Path(self._scripts.name) / "command", f"end-{secrets.token_hex(8)}"
        script.write_text(command + "\n")
        before = len(self._shell.output)
        self._shell.write(f". {script} </dev/null; printf '\\n%s %s\\n' {end} $?\n")
        try:
            self._shell.wait_until(lambda: f"\n{end} " in self._shell.output[before:], deadline)
        except DeadlineError as error:
            raise DeadlineError(error.output[before:]) from None
        output, _, code = self._shell.output[before:].rpartition(f"\n{end} ")
        if not code:
            return self._shell.wait(deadline), self._shell.output[before:]
        return int(code), output

    def start(self, command: str) -> Process:
        """Start the command in a second terminal, in the folder where the first one is."""
        _code, folder = self.run("pwd", 10)
        process = self._start(["bash", "--noprofile", "--norc", "-c", command], Path(folder.strip()))
        self._background.append(process)
        return process

    def interrupt(self, deadline: float) -> None:
        """Press Ctrl-C where the last command was left running, and wait until it has stopped, and all it started."""
        process = self._background.pop()
        try:
            process.interrupt()
            process.wait(deadline)
            # What the command started may take a moment longer than itself; what stays is a fault.
            end = time.monotonic() + GRACE
            while self._left_by_background() and time.monotonic() < end:
                time.sleep(0.1)
            left = self._left_by_background()
            if left:
                for pid in left:
                    _kill(pid)
                raise LeftRunningError("\n".join(left.values()))
        finally:
            process.close()

    def _left_by_background(self) -> dict[int, str]:
        shell = {self._shell._popen.pid} | {process._popen.pid for process in self._background}
        return {pid: name for pid, name in marked_processes(self._mark).items() if _group(pid) not in shell}

    def close(self) -> None:
        """Stop whatever was started."""
        for process in [*self._background, self._shell]:
            process.interrupt()
        for process in self._background:
            try:
                process.wait(20)
            except DeadlineError:
                continue
        for process in [*self._background, self._shell]:
            process.close()
        for pid in marked_processes(self._mark):
            _kill(pid)
        self._scripts.cleanup()


class LeftRunningError(Exception):
    """A command was stopped and something that it started lives on."""


def marked_processes(mark: str) -> dict[int, str]:
    """The processes that carry this mark, and their command lines. Without /proc (macOS): none are found."""
    wanted = f"{MARK}={mark}".encode()
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # gone in the meantime, or somebody else's
            continue
    return found


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
