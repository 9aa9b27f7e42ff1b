"""The health check of the containers that serve no HTTP: ``python -m tasks.probe heartbeat FILE MAX_AGE``.

Imports nothing of Django or Celery: it runs every few seconds beside the process it looks at.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

USAGE = "Usage: python -m tasks.probe heartbeat FILE MAX_AGE_IN_SECONDS"


def complaint(path: Path, max_age: float) -> str | None:
    """What is wrong with the heartbeat, or None."""
    try:
        age = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return f"{path} does not exist: the process has not started, or runs without HEARTBEAT_FILE."
    if age > max_age:
        return f"{path} was last touched {age:.0f} s ago, {max_age:.0f} s are allowed: the process hangs or has ended."
    return None


def main(arguments: list[str]) -> int:
    if len(arguments) != 3 or arguments[0] != "heartbeat":
        print(USAGE, file=sys.stderr)  # noqa: T201  # a command line tool
        return 2
    problem = complaint(Path(arguments[1]), float(arguments[2]))
    if problem:
        print(problem, file=sys.stderr)  # noqa: T201
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
