"""No image holds the simulator: the development stack mounts it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_is_not_in_what_images_are_built_from():
    allowed = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert (ROOT / ".dockerignore").read_text().splitlines()[0] == "*"
    assert allowed == ["!app", "!requirements/production.txt", "!requirements/test.txt"]
    copied = re.findall(r"^COPY (?!--from)(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(copied) == {"app", "requirements/production.txt", "requirements/test.txt"}
