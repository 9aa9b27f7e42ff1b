"""The environment for what a test starts: this process's own, without the settings that /conftest.py made of it."""

from __future__ import annotations

import os
import re

INHERITED = re.compile(r"^(HOME|LANG|LC_.*|PATH|TERM|TMPDIR|DOCKER_.*|.*CERT.*|.*_CA_.*)$")


def outside() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if INHERITED.match(name)}
