"""The rule of imports that the architecture page draws is what the code does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .chapters import ROOT

MAY_IMPORT = {
    "tasks": set(),
    "core": {"tasks"},
    "users": {"core", "tasks"},
    "ecommerce": {"core", "users", "tasks"},
}
OURS = {"hnmproject", *MAY_IMPORT}


def _imported(source: str) -> Iterator[str]:
    """The first part of each module that is imported, but those for the type checker alone."""
    tree = ast.parse(source)
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)


def _files(app: str) -> list[Path]:
    folder = ROOT / "app" / app
    return [path for path in folder.rglob("*.py") if not {"tests", "migrations"} & set(path.relative_to(folder).parts)]


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_imports_point_one_way(app: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _files(app)
        for name in _imported(path.read_text())
        if name in OURS - {app} - MAY_IMPORT[app]
    ]
    assert not wrong


def test_notices_an_import() -> None:
    source = "from core.models import Tag\nimport users.models\nif TYPE_CHECKING:\n    from ecommerce import models\n"
    assert list(_imported(source)) == ["core", "users"]
