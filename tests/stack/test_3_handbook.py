"""The chapters that need containers, with their commands run in this stack's folder."""

from __future__ import annotations

import subprocess
import sys

from tests.stack.stack import REPOSITORY, Stack, wait_until


def test_the_chapters_about_containers_are_true(stack: Stack):
    wait_until(stack.answers, seconds=60, what="the site, before a reader comes")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/handbook/test_chapters.py", "-k", "commands", "-p", "no:cacheprovider"],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=1200,
        env=stack.environment | {"HANDBOOK_SETTINGS": "containers", "HANDBOOK_STACK": str(stack.folder)},
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
