"""The simulator's memory: one SQLite file, one lock, everything a request does in one transaction."""

from __future__ import annotations

import json
import secrets
import sqlite3
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Body = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, created INTEGER NOT NULL,
    body TEXT NOT NULL, hidden TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS objects_of_a_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS timers (object_id TEXT NOT NULL, action TEXT NOT NULL, due REAL NOT NULL,
    PRIMARY KEY (object_id, action));
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, endpoint TEXT NOT NULL, parameters TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, state TEXT NOT NULL, due REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '');
"""
TABLES = ("objects", "timers", "answers", "deliveries")
_LETTERS = string.ascii_letters + string.digits


class Store:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # Threads share it, one at a time, by the lock.
        self._database = sqlite3.connect(folder / "simulator.sqlite3", check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        # Outlives a killed process, if not a power cut: enough for play money, and much quicker.
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(SCHEMA)
        self._lock = threading.RLock()
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and nobody else meanwhile. Inside another it is part of that one."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._database.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                if self._depth == 1:
                    self._database.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._database.execute("COMMIT")
            finally:
                self._depth -= 1

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def clear(self) -> None:
        with self.transaction():
            for table in TABLES:
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608  # one of ours

    # --- Objects -----------------------------------------------------------------------------------------------------

    def add(self, body: Body, **hidden: Any) -> None:
        self.rows(
            "INSERT INTO objects (id, kind, created, body, hidden) VALUES (?, ?, ?, ?, ?)",
            body["id"], body["object"], body["created"], json.dumps(body), json.dumps(hidden),
        )  # fmt: skip

    def save(self, body: Body) -> None:
        self.rows("UPDATE objects SET body = ? WHERE id = ?", json.dumps(body), body["id"])

    def find(self, identifier: str, kind: str | None = None) -> Body | None:
        for found_kind, body in self.rows("SELECT kind, body FROM objects WHERE id = ?", identifier):
            if kind in (None, found_kind):
                return dict(json.loads(body))
        return None

    def hidden(self, identifier: str) -> Body:
        """What the simulator knows of an object and the API does not show."""
        return dict(json.loads(self.rows("SELECT hidden FROM objects WHERE id = ?", identifier)[0][0]))

    def hide(self, identifier: str, **values: Any) -> None:
        merged = json.dumps(self.hidden(identifier) | values)
        self.rows("UPDATE objects SET hidden = ? WHERE id = ?", merged, identifier)

    def newest(self, kind: str) -> Iterator[Body]:
        for (body,) in self.rows("SELECT body FROM objects WHERE kind = ? ORDER BY seq DESC", kind):
            yield json.loads(body)

    # --- Timers ------------------------------------------------------------------------------------------------------

    def set_timer(self, object_id: str, action: str, due: float) -> None:
        self.rows("INSERT OR REPLACE INTO timers VALUES (?, ?, ?)", object_id, action, due)

    def drop_timers(self, object_id: str) -> None:
        self.rows("DELETE FROM timers WHERE object_id = ?", object_id)

    def due_timers(self, now: float) -> list[tuple[str, str]]:
        rows = self.rows("SELECT object_id, action FROM timers WHERE due <= ? ORDER BY due", now)
        return [(str(row[0]), str(row[1])) for row in rows]


def new_id(prefix: str, length: int = 24) -> str:
    return f"{prefix}_{''.join(secrets.choice(_LETTERS) for _ in range(length))}"
