"""``manage.py release_check``: what lies between this release and the schema of the database, for scripts/server.

Prints one line for each, so that a shell reads it without a JSON reader:

``pending app.name``      a migration of this release that is not applied yet
``unsafe  …``             why the release before could not live with a pending migration
``unknown app.name``      an applied migration that this release does not know
With ``--back-over app.name …``: ``unsafe …`` for each of these that an older release could not live with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from hnmproject import compatibility

Key = compatibility.Key


class Command(BaseCommand):
    help = (
        "Lists the migrations between this release and the database, and which of them an older one cannot live with."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--back-over", nargs="*", metavar="app.name", help="judge these for a rollback")

    def handle(self, *args: Any, **options: Any) -> None:
        loader = MigrationLoader(connection)
        back_over = options["back_over"]
        lines = _about_schema(loader) if back_over is None else _about_rollback(loader, back_over)
        for line in lines:
            self.stdout.write(line)


def _about_schema(loader: MigrationLoader) -> Iterator[str]:
    known, applied = set(loader.graph.nodes), set(loader.applied_migrations)
    pending = known - applied
    yield from (f"pending {_name(key)}" for key in sorted(pending))
    # An empty database has no release before.
    if applied:
        dealt_with = set(compatibility.DEALT_WITH)
        yield from (f"unsafe {problem}" for problem in compatibility.problems(loader, pending - dealt_with))
    yield from (f"unknown {_name(key)}" for key in compatibility.unknown(loader, applied))


def _about_rollback(loader: MigrationLoader, names: list[str]) -> Iterator[str]:
    keys = {_key(name) for name in names}
    for key in sorted(keys - set(loader.graph.nodes)):
        yield f"unsafe {_name(key)}: neither of the two releases knows this migration."
    for problem in compatibility.problems(loader, keys & set(loader.graph.nodes)):
        yield f"unsafe {problem}"


def _name(key: Key) -> str:
    return ".".join(key)


def _key(name: str) -> Key:
    app, _dot, migration = name.partition(".")
    return app, migration
