"""The suite of app/ once more, inside the image (its Python, its mysqlclient), on the stack's MySQL and Redis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.stack.stack import Stack

NEEDED = {"db", "redis", "cache"}


def test_the_suite_passes_on_mysql_and_redis(stack: Stack, tell: Callable[[str], None]):
    with _alone(stack):
        output = stack.make("test", seconds=1500)
    counted = re.search(r"(\d+) passed", output)
    assert counted
    assert int(counted[1]) > 800, output
    tell(f"the suite on MySQL and Redis: {output.splitlines()[-1].strip(' =')}")


@contextmanager
def _alone(stack: Stack) -> Iterator[None]:
    """What the suite does not need stands still: probing it every few seconds takes a good part of a small machine."""
    others = sorted(set(stack.compose("ps", "--services", "--status", "running").split()) - NEEDED)
    stack.compose("stop", *others)
    try:
        yield
    finally:
        stack.compose("up", "--detach", "--wait", "--no-deps", *others)
