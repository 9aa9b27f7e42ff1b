"""A browser buys in the stack, as production serves it: the tests of tests/e2e that need it most."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.environment import outside
from tests.stack.stack import REPOSITORY, Stack

BOUGHT = "a_guest_buys or uses_a_coupon or declined_card or staff_give_back"


def test_a_browser_buys_and_staff_give_back(stack: Stack):
    stack.serve_the_image()
    stack.make("up")
    environment = {
        **outside(),
        "VENV": sys.prefix,
        "BASE_URL": f"http://localhost:{stack.port}",
        "STAFF_LOGIN": stack.execute("web", "cat", "/srv/var/staff-login"),
        "MAILDEV_URL": f"http://127.0.0.1:{stack.mail_port}",
        **{name: os.environ[name] for name in ("CHROMIUM",) if name in os.environ},
    }
    result = subprocess.run(
        ["scripts/test-browser", "-k", BOUGHT], cwd=REPOSITORY, env=environment,
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
