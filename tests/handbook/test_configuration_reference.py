"""The reference of the variables is what the settings and the template say."""

from __future__ import annotations

import re

import pytest
from scripts import configuration_reference as reference


def test_the_page_is_up_to_date() -> None:
    assert reference.PAGE.read_text() == reference.generate(), "run `make docs`"


def test_every_variable_of_the_settings_is_described() -> None:
    described = {entry.name: entry for entry in reference.read_template(reference.TEMPLATE.read_text())}
    missing = reference.read_settings(reference.SETTINGS.read_text()).keys() - described.keys()
    assert not missing, "describe them in .env.template"
    assert not [entry.name for entry in described.values() if not (entry.purpose and entry.production)]


def test_every_read_of_the_environment_is_found() -> None:
    source = reference.SETTINGS.read_text()
    names = set(re.findall(r"\benv(?:\.\w+)?\(\s*[\"']([A-Z0-9_]+)", source))
    assert names == reference.read_settings(source).keys()


@pytest.mark.parametrize(
    ("source", "kind", "default"),
    [
        ('A = env.bool("A", default=False)', "bool", "`off`"),
        ('A = env.str("A", default="")', "str", "empty"),
        ('A = env.int("A", default=31_536_000) if HTTPS else 0', "int", "`31536000`"),
        ('A = env.list("A", default=["x", "y"])', "list", "`x`, `y`"),
        ('A = env.list("A", default=[SITE_URL])', "list", "the value of `SITE_URL`"),
        ('A = Path(env.str("A", default=str(BASE_DIR / "var")))', "str", "`var`"),
        ("A = env.str('A', default=f\"sqlite:///{VAR_DIR / 'db'}\")", "str", "`sqlite:///{VAR_DIR}/db`"),
        ('A = env.str("A", default=f"{NAME} <a@b>").strip()', "str", "`{NAME} <a@b>`"),
        ('A = env.str("A")', "str", "none: it must be set"),
    ],
)
def test_reads_type_and_default_from_the_source(source: str, kind: str, default: str) -> None:
    assert reference.read_settings(source) == {"A": reference.Setting(type=kind, default=default)}


def test_reads_purpose_and_values_from_the_template() -> None:
    template = """\
# About this file, not about a variable.

# --- Mail ---

# The server that mail
# is sent through. Production: smtp://host
# MAIL_URL=smtp://example

# Two secrets. Production: random characters.
ONE=
TWO=
# Another. Production: on.
THREE=off
"""
    entries = reference.read_template(template)
    assert [(entry.name, entry.purpose, entry.production, entry.local) for entry in entries] == [
        ("MAIL_URL", "The server that mail is sent through.", "smtp://host", None),
        ("ONE", "Two secrets.", "random characters.", ""),
        ("TWO", "Two secrets.", "random characters.", ""),
        ("THREE", "Another.", "on.", "off"),
    ]
    assert {entry.section for entry in entries} == {"Mail"}
