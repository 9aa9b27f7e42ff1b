"""What a dump says about itself: scripts/server/lib/in-database.sh writes these comments into its stream.

They come from the very transaction that the dump was read in, so they are true of it to the row: where the binary log
stood, which migrations were applied, and of every table how many rows it has and a checksum of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from hnmproject.backups.errors import BackupError
from hnmproject.backups.parts import CHUNK

MARK = b"-- backup: "
TAIL = 4 * 1024 * 1024  # more than the comments of thousands of tables
HEAD = 64 * 1024
POSITION = re.compile(rb"SOURCE_LOG_FILE='([^']+)', SOURCE_LOG_POS=(\d+)")


@dataclass(frozen=True)
class Table:
    rows: int
    checksum: str


@dataclass
class Description:
    made: datetime | None = None
    database: str = ""
    server: str = ""
    version: str = ""
    log: str = ""
    position: int = 0
    migrations: list[str] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    is_complete: bool = False


def described(lines: Iterable[str]) -> Description:
    """Read the comments; lines that are none are passed over."""
    found = Description()
    for line in lines:
        words = line.removeprefix(MARK.decode()).split()
        if line.startswith(MARK.decode()) and words:
            _note(found, words)
    return found


def _note(found: Description, words: list[str]) -> None:
    match words:
        case ["made", day, time]:
            found.made = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC)
        case ["server", server, version, database]:
            found.server, found.version, found.database = server, version, database
        case ["log", log, position]:
            found.log, found.position = log, int(position)
        case ["migration", app, name]:
            found.migrations.append(f"{app}.{name}")
        case ["table", name, rows, checksum]:
            found.tables[name] = Table(int(rows), checksum)
        case ["end"]:
            found.is_complete = True


class Watched:
    """Passes a dump on, and keeps what it says of itself."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._head = b""
        self._tail = b""
        self.size = 0

    def chunks(self) -> Iterable[bytes]:
        # read1, so that a slow dump is written as it comes.
        read = getattr(self._source, "read1", self._source.read)
        while data := read(CHUNK):
            self.size += len(data)
            if len(self._head) < HEAD:
                self._head += data
            self._tail = (self._tail + data)[-TAIL:]
            yield data

    def description(self) -> Description:
        """Raises BackupError unless the dump came to its end."""
        begin = max(self._tail.find(b"\n" + MARK), 0)
        found = described(self._tail[begin:].decode(errors="replace").splitlines())
        if not found.is_complete or found.made is None:
            raise BackupError("the dump of the database ended early: look above for what MySQL said. Nothing was kept.")
        self._compare_positions(found)
        return found

    def _compare_positions(self, found: Description) -> None:
        """mysqldump's own position and ours are taken under one lock. Were they two, so would be the snapshots."""
        own = POSITION.search(self._head)
        if own is None or (own[1].decode(), int(own[2])) != (found.log, found.position):
            raise BackupError(
                "the dump and its row counts are of different moments, which must not be. Nothing was kept; try again."
            )


def differences(expected: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """In words, table by table."""
    said: list[str] = []
    for name in sorted(expected.keys() | found.keys()):
        before, now = expected.get(name), found.get(name)
        if before is None:
            said.append(f"table {name} is there and should not be")
        elif now is None:
            said.append(f"table {name} is missing")
        elif before.rows != now.rows:
            said.append(f"table {name} has {now.rows} rows and should have {before.rows}")
        elif before.checksum != now.checksum:
            said.append(f"table {name} has the right number of rows ({now.rows}), but other contents")
    return said
