"""Which migrations the release before them could not live with: during a deployment both run for a while.

Looks at the operations, which say the same about every database. `make check` asks about all migrations, a deployment
about those that it would apply, and a rollback about those that are applied and that the older release does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

Key = tuple[str, str]
APPS = ["core", "users", "ecommerce", "tasks", "hnmproject"]
# Migrations whose danger is known and dealt with, each with how: ("shop", "0007_drop_old"): "unused since 1.3".
# A deployment applies them; no rollback goes back over them.
DEALT_WITH: dict[Key, str] = {}
REMOVALS = (operations.RemoveField, operations.RenameField, operations.DeleteModel, operations.RenameModel)


def unknown(loader: MigrationLoader, applied: Iterable[Key]) -> list[Key]:
    """Those of the applied migrations that this release does not have. `loader` needs no database."""
    # What a squashed migration replaces is applied, and no longer known.
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    return sorted(set(applied) - set(loader.disk_migrations) - replaced)


def problems(loader: MigrationLoader, keys: Iterable[Key]) -> Iterator[str]:
    """One line for each operation of our own apps that the release before would stumble over."""
    for key in sorted(keys):
        migration = loader.graph.nodes[key]
        if key[0] in APPS and not migration.initial:
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
    if _makes_unique(operation, state, app):
        return "the release before writes rows that are alike; make sure that none are, then name it in DEALT_WITH."
    if isinstance(operation, operations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        if before.null and _needs_value(operation.field):
            return "the release before still writes NULL."
    return ""


def _makes_unique(operation: operations.base.Operation, state: ProjectState, app: str) -> bool:
    if isinstance(operation, operations.AddField):
        # Empty in every row there is, and NULL is like no other NULL.
        return bool(operation.field.unique and not operation.field.null)
    if isinstance(operation, operations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        return bool(operation.field.unique and not before.unique)
    if isinstance(operation, operations.AddConstraint):
        return isinstance(operation.constraint, models.UniqueConstraint)
    return isinstance(operation, operations.AlterUniqueTogether) and bool(operation.option_value)


def _needs_value(field: models.Field[Any, Any]) -> bool:
    return not (field.many_to_many or field.null or field.has_db_default() or field.generated)
