"""One stream of lines from several processes: to the terminal, and to a file for “make logs”."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections import defaultdict, deque
from pathlib import Path

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
COLOURS = {"web": 32, "worker": 36, "beat": 35, "prepare": 33, "stripe": 34}
# Its lines mean something to its operators, and this one has no operator: they are in the file, and shown if it fails.
QUIET = {"valkey"}
WIDTH = 7
LINES_KEPT = 12


class Output:
    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("w", encoding="utf-8")
        self._coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        self._last: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=LINES_KEPT))

    def line(self, name: str, text: str) -> None:
        """A line that a process wrote. Empty ones only push the others off the screen."""
        if not text.strip():
            return
        self._last[name].append(text)
        prefix = f"{name:<{WIDTH}} |"
        if self._coloured:
            prefix = f"\x1b[{COLOURS.get(name, 37)}m{prefix}\x1b[0m"
        self._keep(f"{prefix} {text}")
        if name not in QUIET:
            self._show(f"{prefix} {text}")

    def say(self, text: str) -> None:
        """Something this program says itself."""
        self._keep(text)
        self._show(text)

    def _keep(self, text: str) -> None:
        self._log.write(ESCAPES.sub("", text) + "\n")
        self._log.flush()

    def _show(self, text: str) -> None:
        # The terminal may be gone, and stopping tidily matters more than saying so.
        with contextlib.suppress(OSError):
            print(text if self._coloured else ESCAPES.sub("", text), flush=True)

    def last_lines(self, name: str) -> list[str]:
        return list(self._last[name])
