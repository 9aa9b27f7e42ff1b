"""Run the project's commands as a person would, in a clone of the working tree and an environment of its own."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.handbook import workplaces

# Every process that a test starts carries this variable, and so do its children: none can hide.
MARK = "TOOLING_RUN"


@dataclass
class Shell:
    folder: Path
    environment: dict[str, str]
    mark: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def in_clone(cls, folder: Path) -> Shell:
        """A fresh clone on a bare machine: an empty HOME, a free port, the libraries lent."""
        workplace = workplaces.bare(folder)
        shell = cls(workplace.folder, workplace.environment)
        shell.environment[MARK] = shell.mark
        return shell

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    def run(self, *command: str, text: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment | variables,
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def processes(self) -> list[str]:
        """The command lines of whatever still runs of what was started here."""
        return [command for process in Path("/proc").glob("[0-9]*") if (command := self._command_of(process))]

    def _command_of(self, process: Path) -> str:
        try:
            if f"{MARK}={self.mark}".encode() not in (process / "environ").read_bytes():
                return ""
            return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has just ended
            return ""

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; a refused connection is status 0."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


class Running:
    """`make run`, with what it has printed so far."""

    def __init__(self, shell: Shell) -> None:
        self._output = shell.folder.parent / f"output-{secrets.token_hex(4)}"
        with self._output.open("w") as file:
            self.process = subprocess.Popen(
                ["scripts/run"],
                cwd=shell.folder,
                env=shell.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._output.read_text()

    def until(self, text: str, *, seconds: float = 60) -> None:
        wait_for(
            lambda: text in self.output or self.process.poll() is not None, seconds=seconds, why=lambda: self.output
        )
        assert text in self.output, self.output

    def seconds_until_ready(self) -> int:
        self.until("Ctrl-C")
        found = re.search(r"Ready after (\d+) s", self.output)
        assert found, self.output
        return int(found[1])

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, float]:
        """Send a signal to the whole group, as a terminal does; the exit code, and how many seconds it took."""
        started = time.monotonic()
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=30), time.monotonic() - started


def wait_for(condition: Callable[[], object], *, seconds: float = 20, why: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s. {why()}"
        time.sleep(0.05)
