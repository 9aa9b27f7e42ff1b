"""A console for SQLite where its own program is not installed: a bare machine has Python and not `sqlite3`."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from pathlib import Path


def converse(path: Path) -> int:
    """Run the statements of standard input, each ended by a semicolon, and print their rows."""
    if not path.exists():
        print(f"Error: there is no database at {path} yet: “make run” or “make migrate” makes it.", file=sys.stderr)
        return 1
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # gives input() its history
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as connection:
        if sys.stdin.isatty():
            print(f"SQLite {sqlite3.sqlite_version}, {path}. End a statement with “;”, leave with Ctrl-D.")
        _answer_statements(connection)
    return 0


def _answer_statements(connection: sqlite3.Connection) -> None:
    statement = ""
    while True:
        try:
            statement += input(_prompt(statement)) + "\n"
        except EOFError:
            return
        except KeyboardInterrupt:
            statement = ""
            print()
            continue
        if sqlite3.complete_statement(statement):
            _answer(connection, statement)
            statement = ""


def _prompt(statement: str) -> str:
    if not sys.stdin.isatty():
        return ""
    return "   ...> " if statement else "sqlite> "


def _answer(connection: sqlite3.Connection, statement: str) -> None:
    try:
        for row in connection.execute(statement):
            print("|".join("" if value is None else str(value) for value in row))
    except (sqlite3.Error, sqlite3.Warning) as error:
        print(f"Error: {error}", file=sys.stderr)
