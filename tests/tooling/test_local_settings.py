"""`scripts/env` gives a clone its .env, and leaves what people wrote alone."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = """\
# --- Group ---

# On while developing. Production: off.
DEBUG=on

# Production: random.
SECRET_KEY=
# OPTIONAL=1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/env", tmp_path / "scripts")
    (tmp_path / ".env.template").write_text(TEMPLATE)
    return tmp_path


def _written(folder: Path) -> str:
    subprocess.run(["scripts/env"], cwd=folder, check=True, env={"PATH": "/usr/bin:/bin"})
    return (folder / ".env").read_text()


def _values(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if not line.startswith("#"))


def test_takes_the_template_and_makes_secrets(folder: Path) -> None:
    values = _values(_written(folder))
    assert values.keys() == {"DEBUG", "SECRET_KEY"}
    assert values["DEBUG"] == "on"
    assert len(values["SECRET_KEY"]) == 64
    assert values["SECRET_KEY"].isalnum()


def test_is_for_its_owner_alone(folder: Path) -> None:
    _written(folder)
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600


def test_changes_nothing_the_second_time(folder: Path) -> None:
    assert _written(folder) == _written(folder)


def test_appends_only_what_is_missing(folder: Path) -> None:
    (folder / ".env").write_text("# mine\nexport DEBUG = off\nEXTRA=1")
    text = _written(folder)
    assert text.startswith("# mine\nexport DEBUG = off\nEXTRA=1\nSECRET_KEY=")
    assert text.count("DEBUG") == 1


def test_takes_a_secret_from_a_file_as_given(folder: Path) -> None:
    (folder / ".env").write_text("SECRET_KEY_FILE=/run/secrets/key\nDEBUG=off\n")
    assert _written(folder) == "SECRET_KEY_FILE=/run/secrets/key\nDEBUG=off\n"


def test_two_clones_have_different_secrets(folder: Path) -> None:
    first = _values(_written(folder))["SECRET_KEY"]
    (folder / ".env").unlink()
    assert _values(_written(folder))["SECRET_KEY"] != first
