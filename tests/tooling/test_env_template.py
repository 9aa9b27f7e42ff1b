"""`.env.template` names what is read, all of it and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_FILES = sorted(ROOT.glob("docker-compose*.yml"))
WRAPPERS = [ROOT / "scripts/server" / name for name in ("compose", "backup", "backups.sh")]
OF_CONTAINERS = "# --- Containers ---"
TEMPLATE = (ROOT / ".env.template").read_text().splitlines()
VARIABLE = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=")


def _read_by_settings() -> set[str]:
    """The names in env.str("NAME") and the like."""
    tree = ast.parse((ROOT / "app/hnmproject/settings.py").read_text())
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_of_env(node.func))
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def _is_of_env(function: ast.expr) -> bool:
    called = function.value if isinstance(function, ast.Attribute) else function
    is_reading_a_file = isinstance(function, ast.Attribute) and function.attr == "read_env"
    return isinstance(called, ast.Name) and called.id == "env" and not is_reading_a_file


def _read_by_compose() -> set[str]:
    """The names in ${NAME}, ${NAME:-default} and ${NAME:?message}, not $${NAME}; Compose's own; and its wrapper's."""
    text = "".join(path.read_text() for path in COMPOSE_FILES)
    by_itself = {"COMPOSE_PROJECT_NAME"} | set(re.findall(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)", text))
    by_scripts = "".join(path.read_text() for path in WRAPPERS)
    return by_itself | set(re.findall(r"\(setting(?:_of)? ([A-Z][A-Z0-9_]*)", by_scripts))


def _named(lines: list[str] = TEMPLATE) -> list[str]:
    return [found[1] for line in lines if (found := VARIABLE.match(line))]


def test_every_variable_that_is_read_is_named() -> None:
    assert (_read_by_settings() | _read_by_compose()) - set(_named()) == set()


def test_every_variable_of_django_is_read_by_its_settings() -> None:
    assert set(_named(TEMPLATE[: TEMPLATE.index(OF_CONTAINERS)])) - _read_by_settings() == set()


@pytest.mark.skipif(not COMPOSE_FILES, reason="there is no Compose file that could read them")
def test_every_variable_of_the_containers_is_read_by_a_compose_file() -> None:
    assert set(_named(TEMPLATE[TEMPLATE.index(OF_CONTAINERS) :])) - _read_by_compose() == set()


def test_each_is_named_once() -> None:
    assert len(_named()) == len(set(_named()))


def test_each_says_its_purpose_and_its_production_value() -> None:
    """A comment stands above each block of variables."""
    for block in "\n".join(TEMPLATE).split("\n\n"):
        lines = block.splitlines()
        if any(VARIABLE.match(line) for line in lines):
            comment = " ".join(line for line in lines if line.startswith("# ") and not VARIABLE.match(line))
            assert "Production: " in comment, block
