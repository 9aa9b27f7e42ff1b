"""The Makefile's words and the scripts behind them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
WORDS = re.findall(r"^\.PHONY: (\S+)$", MAKEFILE, re.MULTILINE)
SCRIPTS = [
    path
    for path in (ROOT / "scripts").iterdir()
    if path.is_file() and not path.suffix and not path.name.startswith(".")
]


def _help() -> str:
    return subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_help_lists_every_word_once() -> None:
    listed = re.findall(r"^  ([a-z-]+) +\S", _help(), re.MULTILINE)
    assert sorted(listed) == sorted(WORDS)


def test_help_fits_a_terminal() -> None:
    assert max(map(len, _help().splitlines())) <= 120


def test_every_recipe_calls_one_script() -> None:
    recipes = re.findall(r"^\t(.*)$", MAKEFILE, re.MULTILINE)
    assert len(recipes) == len(WORDS)
    for recipe in recipes:
        script = recipe.split()[0].removeprefix("@")
        assert script.startswith("scripts/"), recipe
        assert os.access(ROOT / script, os.X_OK), f"{script} cannot be run"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_says_what_it_is_for(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1].startswith(f"# Usage: scripts/{path.name}"), lines[1]
    assert "set -Eeuo pipefail" in lines
    assert lines[-1] == 'main "$@"'
    assert os.access(path, os.X_OK)
