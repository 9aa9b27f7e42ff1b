"""Find migrations that the release before them could not live with: during a deployment both run for a while.

Usage: python scripts/lint_migrations.py

django-migration-linter reads the SQL. SQLite's hides most changes, because it makes the whole table anew, so the
operations themselves are looked at too; they say the same about every database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
APPS = ["core", "users", "ecommerce", "tasks", "hnmproject"]
# Migrations whose danger is known and dealt with, each with how: ("shop", "0007_drop_old"): "unused since 1.3".
DEALT_WITH: dict[tuple[str, str], str] = {}

sys.path.insert(0, str(ROOT / "app"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hnmproject.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django  # noqa: E402  # the lines above say which project

django.setup()

from django.db import connection, models  # noqa: E402  # needs the set-up project
from django.db.migrations import operations  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.migration import Migration  # noqa: E402
from django.db.migrations.state import ProjectState  # noqa: E402
from django_migration_linter import MigrationLinter  # noqa: E402

REMOVALS = (operations.RemoveField, operations.RenameField, operations.DeleteModel, operations.RenameModel)


def main() -> int:
    problems = [*_problems_of_operations()]
    for problem in problems:
        print(problem)
    return 1 if problems or _sql_has_errors() else 0


def _sql_has_errors() -> bool:
    linter = MigrationLinter(
        include_apps=APPS,
        ignore_name=[name for _, name in DEALT_WITH],
        ignore_initial_migrations=True,
        no_cache=True,
        exclude_migration_tests=["NOT_NULL"],  # always found in SQLite's SQL; the operations tell better
        warnings_as_errors_tests=["RUNPYTHON_REVERSIBLE", "RUNSQL_REVERSIBLE"],  # else a rollback is stuck
        quiet=["ok", "ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return linter.has_errors


def _problems_of_operations() -> Iterator[str]:
    loader = MigrationLoader(connection)
    for key in sorted(loader.graph.nodes):
        migration = loader.graph.nodes[key]
        if key[0] in APPS and key not in DEALT_WITH and not migration.initial:
            yield from _problems_of(migration, loader.project_state(key, at_end=False))


def _problems_of(migration: Migration, state: ProjectState) -> Iterator[str]:
    made_here: set[str] = set()
    for operation in migration.operations:
        if isinstance(operation, operations.CreateModel):
            made_here.add(operation.name_lower)
        elif getattr(operation, "model_name_lower", "") not in made_here:
            problem = _problem_of(operation, state, migration.app_label)
            if problem:
                yield f"({migration.app_label}, {migration.name}): {operation.describe()}: {problem}"
        operation.state_forwards(migration.app_label, state)


def _problem_of(operation: operations.base.Operation, state: ProjectState, app: str) -> str:
    if isinstance(operation, REMOVALS):
        return "the release before still uses it."
    if isinstance(operation, operations.AddField) and _needs_value(operation.field):
        return "the release before inserts rows without it; give it null=True or a db_default."
    if isinstance(operation, operations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        if before.null and _needs_value(operation.field):
            return "the release before still writes NULL."
    return ""


def _needs_value(field: models.Field[Any, Any]) -> bool:
    return not (field.many_to_many or field.null or field.has_db_default() or field.generated)


if __name__ == "__main__":
    sys.exit(main())
