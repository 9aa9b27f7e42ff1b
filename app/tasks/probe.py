"""The health checks of the application's containers, as a command of their own.

``python -m tasks.probe heartbeat FILE MAX_AGE`` for what serves no HTTP, ``python -m tasks.probe http URL`` for what
does. Imports nothing of Django or Celery: it runs every few seconds beside the process it looks at.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

USAGE = "Usage: python -m tasks.probe heartbeat FILE MAX_AGE_IN_SECONDS\n       python -m tasks.probe http URL"
HTTP_TIMEOUT_SECONDS = 4


def heartbeat_complaint(path: str, max_age: str) -> str | None:
    """What is wrong with the heartbeat, or None."""
    try:
        age = time.time() - Path(path).stat().st_mtime
    except FileNotFoundError:
        return f"{path} does not exist: the process has not started, or runs without HEARTBEAT_FILE."
    if age > float(max_age):
        return f"{path} was last touched {age:.0f} s ago, {max_age} s are allowed: the process hangs or has ended."
    return None


def http_complaint(url: str) -> str | None:
    """What is wrong with the answer, or None. Asks under SITE_URL's host name: Django refuses any other."""
    parts = urlsplit(url)
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or parts.netloc
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=HTTP_TIMEOUT_SECONDS)
    try:
        connection.request("GET", parts.path, headers={"Host": host})
        response = connection.getresponse()
        body = response.read(300).decode(errors="replace")
    except OSError as error:
        return f"{url} does not answer: {error}"
    finally:
        connection.close()
    return None if response.status == http.HTTPStatus.OK else f"{url} answers {response.status}: {body}"


COMPLAINTS: dict[tuple[str, int], Callable[..., str | None]] = {
    ("heartbeat", 2): heartbeat_complaint,
    ("http", 1): http_complaint,
}


def main(arguments: list[str]) -> int:
    kind, *details = arguments or [""]
    complaint = COMPLAINTS.get((kind, len(details)))
    if complaint is None:
        print(USAGE, file=sys.stderr)  # noqa: T201  # a command line tool
        return 2
    problem = complaint(*details)
    if problem:
        print(problem, file=sys.stderr)  # noqa: T201
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
