"""Embedded mode: the whole shop on one machine, without containers.

Usage: python -m scripts.embedded COMMAND
  preflight      check that it can start here
  run            start everything, and stay until Ctrl-C
  manage ARGS    a Django command, beside the running shop or on its own
  dbshell        the database's console
  ps             what runs
  stop           stop what runs
  where          the folder of its data

The Makefile's words call this; `preflight`, `ps`, `stop` and `where` need nothing but Python itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import checks, commands
from .place import EmbeddedError, Place


def run(place: Place, arguments: list[str]) -> int:
    from .supervisor import supervise  # needs the virtual environment's libraries

    return supervise(place)


COMMANDS: dict[str, Callable[[Place, list[str]], int]] = {
    "preflight": checks.preflight,
    "run": run,
    "manage": commands.manage,
    "dbshell": commands.dbshell,
    "ps": commands.ps,
    "stop": commands.stop,
    "where": commands.where,
}


def main(arguments: list[str]) -> int:
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return COMMANDS[name](Place.here(), arguments[1:])
    except EmbeddedError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
