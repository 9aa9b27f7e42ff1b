"""Settings from files, as containers get their secrets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from hnmproject.environment import Environment

READ = """
import json
from django.conf import settings
print(json.dumps({"key": settings.SECRET_KEY, "mail": settings.EMAIL_URL, "database": settings.DATABASES["default"]}))
"""


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_has_no_end_of_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    (tmp_path / "secret").write_bytes(f" keep my spaces {end}".encode())
    monkeypatch.setenv("TRIAL_FILE", str(tmp_path / "secret"))
    assert Environment().str("TRIAL") == " keep my spaces "


def _settings(**variables: str) -> dict[str, object]:
    """As a process of its own reads them."""
    environment = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "EMAIL_URL"}}
    told = subprocess.run(
        [sys.executable, "-c", READ], cwd=django_settings.APP_DIR, check=True, capture_output=True, text=True,
        env={**environment, "DJANGO_SETTINGS_MODULE": "hnmproject.settings", **variables},
    ).stdout  # fmt: skip
    found: dict[str, object] = json.loads(told)
    return found


def test_production_reads_its_secrets_from_files(tmp_path: Path) -> None:
    for name, text in {"key": "from a file\n", "mail": "", "password": "with/any@character:\n"}.items():
        (tmp_path / name).write_text(text)
    read = _settings(
        DATABASE_URL="mysql://hnm@db:3306/hnm", DATABASE_PASSWORD_FILE=str(tmp_path / "password"), DATABASE_TLS="on",
        SECRET_KEY_FILE=str(tmp_path / "key"), EMAIL_URL_FILE=str(tmp_path / "mail"),
    )  # fmt: skip
    assert read["key"] == "from a file"
    assert read["mail"] == "", "an empty file is a setting that is not set"
    database = read["database"]
    assert isinstance(database, dict)
    assert (database["USER"], database["PASSWORD"]) == ("hnm", "with/any@character:")
    assert database["OPTIONS"]["ssl_mode"] == "REQUIRED"
