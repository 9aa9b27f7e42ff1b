"""Find migrations that the release before them could not live with: during a deployment both run for a while.

Usage: python scripts/lint_migrations.py

django-migration-linter reads the SQL. SQLite's hides most changes, because it makes the whole table anew, so the
operations themselves are looked at too (hnmproject.compatibility); they say the same about every database.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(ROOT / "app"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hnmproject.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django  # noqa: E402  # the lines above say which project

django.setup()

from django.db import connection  # noqa: E402  # needs the set-up project
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django_migration_linter import MigrationLinter  # noqa: E402

from hnmproject.compatibility import APPS, DEALT_WITH, problems  # noqa: E402


def main() -> int:
    found = _problems_of_operations()
    for problem in found:
        print(problem)
    return 1 if found or _sql_has_errors() else 0


def _sql_has_errors() -> bool:
    linter = MigrationLinter(
        include_apps=APPS,
        ignore_name=[name for _, name in DEALT_WITH],
        ignore_initial_migrations=True,
        no_cache=True,
        # Always found in the SQL of SQLite, which makes a table anew with all it had; the operations tell better.
        exclude_migration_tests=["NOT_NULL", "ADD_UNIQUE"],
        warnings_as_errors_tests=["RUNPYTHON_REVERSIBLE", "RUNSQL_REVERSIBLE"],  # else a rollback is stuck
        quiet=["ok", "ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return linter.has_errors


def _problems_of_operations() -> list[str]:
    loader = MigrationLoader(connection)
    return list(problems(loader, set(loader.graph.nodes) - set(DEALT_WITH)))


if __name__ == "__main__":
    sys.exit(main())
