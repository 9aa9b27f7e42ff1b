"""The suite of app/ once more, inside the image (its Python, its mysqlclient), on the stack's MySQL and Redis."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.stack.stack import Stack


def test_the_suite_passes_on_mysql_and_redis(stack: Stack, tell: Callable[[str], None]):
    output = stack.make("test", seconds=1500)
    counted = re.search(r"(\d+) passed", output)
    assert counted
    assert int(counted[1]) > 800, output
    tell(f"the suite on MySQL and Redis: {output.splitlines()[-1].strip(' =')}")
