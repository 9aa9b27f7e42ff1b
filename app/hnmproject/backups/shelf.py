"""The folder of the backups: one folder for each, named by its moment in UTC, and one for binary logs.

A backup is its index (backup.json, readable), its parts, and SHA256SUMS over all of them. While it is made its folder's
name begins with a dot; it gets its real name last, so whatever has a real name is complete.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hnmproject.backups import parts, retention
from hnmproject.backups.database import Table
from hnmproject.backups.errors import BackupError
from hnmproject.backups.files import File
from hnmproject.backups.keys import Keyring, Seal

FORMAT = 1
INDEX, SUMS, VERIFIED = "backup.json", "SHA256SUMS", "verified.json"
DATABASE, FILES, SETTINGS, CONTENTS = "database.sql.gz", "files.tar", "settings.tar", "contents.json.gz"
NAME = re.compile(r"^\d{8}-\d{6}$")
UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class Position:
    """Where the binary log of a server stood."""

    server: str
    log: str
    position: int


@dataclass(frozen=True)
class Index:
    """What is readable of a backup without any key."""

    made: datetime
    release: str
    database: str
    mysql: str
    seal: Seal
    position: Position
    sizes: dict[str, int]  # of the parts' contents, before they were compressed
    tables: int
    rows: int
    files: int
    with_secrets: bool = False
    after_restore: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "made": self.made.isoformat(),
            "release": self.release,
            "database": self.database,
            "mysql": self.mysql,
            "encryption": self.seal.as_json(),
            "binary_log": vars(self.position),
            "sizes": self.sizes,
            "tables": self.tables,
            "rows": self.rows,
            "files": self.files,
            "with_secrets": self.with_secrets,
            "after_restore": self.after_restore,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Index:
        return cls(
            made=datetime.fromisoformat(found["made"]),
            release=found["release"],
            database=found["database"],
            mysql=found["mysql"],
            seal=Seal.from_json(found["encryption"]),
            position=Position(**found["binary_log"]),
            sizes=found["sizes"],
            tables=found["tables"],
            rows=found["rows"],
            files=found["files"],
            with_secrets=found["with_secrets"],
            after_restore=found["after_restore"],
        )


@dataclass(frozen=True)
class Contents:
    """What is in a backup, to the row and the byte. Names of files say something, so it is encrypted like them."""

    tables: dict[str, Table]
    migrations: list[str]
    files: dict[str, File]

    def as_json(self) -> dict[str, Any]:
        return {
            "tables": {name: [table.rows, table.checksum] for name, table in self.tables.items()},
            "migrations": self.migrations,
            "files": {name: [file.size, file.sha256] for name, file in self.files.items()},
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Contents:
        return cls(
            tables={name: Table(*values) for name, values in found["tables"].items()},
            migrations=found["migrations"],
            files={name: File(*values) for name, values in found["files"].items()},
        )


@dataclass(frozen=True)
class Backup:
    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def made(self) -> datetime:
        return datetime.strptime(self.name, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())

    def index(self) -> Index:
        try:
            found = json.loads((self.folder / INDEX).read_text())
            if found["format"] > FORMAT:
                raise BackupError(
                    f"{self.name} was made by a newer release (format {found['format']}): deploy that first."
                )
            return Index.from_json(found)
        except FileNotFoundError as error:
            raise BackupError(f"{INDEX} of {self.name} is missing. Take another backup.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise parts.damaged(self.folder / INDEX) from error

    def path(self, part: str) -> Path:
        return self.folder / (part + self.index().seal.suffix)

    def contents(self, keyring: Keyring) -> Contents:
        with parts.reading(self.path(CONTENTS), keyring=keyring, seal=self.index().seal) as source:
            try:
                return Contents.from_json(json.load(source))
            except ValueError as error:
                raise parts.damaged(self.path(CONTENTS)) from error

    def check_sums(self) -> None:
        """Read every file once. Raises BackupError where one is missing or not as it was written."""
        for name, expected in self._sums().items():
            path = self.folder / name
            if not path.is_file():
                raise BackupError(f"{name} of {self.name} is missing. Nothing was changed. Take another backup.")
            if parts.sha256(path) != expected:
                raise parts.damaged(path)

    def _sums(self) -> dict[str, str]:
        try:
            lines = (self.folder / SUMS).read_text().splitlines()
            sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        except FileNotFoundError as error:
            raise BackupError(f"{SUMS} of {self.name} is missing. Nothing was changed. Take another backup.") from error
        except ValueError as error:
            raise parts.damaged(self.folder / SUMS) from error
        if not {INDEX} <= sums.keys():
            raise parts.damaged(self.folder / SUMS)
        return sums

    def verified(self) -> dict[str, Any] | None:
        """What the last comparison found, or None where there was none."""
        try:
            found = json.loads((self.folder / VERIFIED).read_text())
        except (FileNotFoundError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def note_verified(self, *, problems: list[str], now: datetime) -> None:
        text = json.dumps({"at": now.isoformat(), "problems": problems}, indent=2)
        unfinished = self.folder / ("." + VERIFIED)
        unfinished.write_text(text)
        unfinished.rename(self.folder / VERIFIED)


@dataclass
class Shelf:
    folder: Path
    _found: list[Backup] = field(default_factory=list)

    def backups(self) -> list[Backup]:
        """Newest first."""
        if not self.folder.is_dir():
            return []
        return [Backup(path) for path in sorted(self.folder.iterdir(), reverse=True) if _is_backup(path)]

    def newest(self) -> Backup | None:
        return next(iter(self.backups()), None)

    def get(self, name: str) -> Backup:
        """By its name, or the newest as “latest”."""
        found = self.backups()
        if not found:
            raise BackupError("there is no backup here yet: make backup makes one.")
        if name == "latest":
            return found[0]
        for backup in found:
            if backup.name == name:
                return backup
        raise BackupError(f"there is no backup {name} here. The newest is {found[0].name}; make backups lists them.")

    def before(self, moment: datetime) -> Backup:
        """The newest that was made before the moment: where the way to it begins."""
        for backup in self.backups():
            if backup.index().made <= moment:
                return backup
        raise BackupError(f"no backup here is older than {moment:%Y-%m-%d %H:%M:%S} UTC.")

    def sweep(self) -> None:
        """Remove what an interrupted backup left. Only one is made at a time: the script holds a lock."""
        for path in self.folder.glob(UNFINISHED + "*"):
            shutil.rmtree(path)

    def prune(self, policy: retention.Policy) -> list[str]:
        """Delete what need not stay; the names of what went."""
        backups = self.backups()
        stay = retention.kept((backup.made for backup in backups), policy)
        gone = [backup for backup in backups if backup.made not in stay]
        for backup in gone:
            # First out of the list, so that nobody sees half of one.
            leaving = self.folder / (UNFINISHED + backup.name)
            backup.folder.rename(leaving)
            shutil.rmtree(leaving)
        return [backup.name for backup in gone]


def _is_backup(path: Path) -> bool:
    return path.is_dir() and NAME.match(path.name) is not None


def write_sums(folder: Path, sums: dict[str, str]) -> None:
    """As `sha256sum --check` reads it."""
    (folder / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))


def sizes_said(number: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def described(backups: list[Backup]) -> Iterator[str]:
    """One line for each, as a list is printed."""
    for backup in backups:
        index = backup.index()
        verified = backup.verified()
        if verified is None:
            state = "not verified"
        else:
            state = f"verified {verified['at'][:16].replace('T', ' ')}" if not verified["problems"] else "VERIFY FAILED"
        locked = {"none": "not encrypted"}.get(index.seal.kind, "encrypted")
        yield (
            f"{backup.name}  {sizes_said(backup.size):>8}  {index.rows} rows, {index.files} files  {locked}  {state}"
            f"  {index.release}"
        )
