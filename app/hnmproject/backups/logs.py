"""Binary logs on the shelf: what happened between backups, for a return to any second of it.

They come as frames: a line with the server, then for each log a line “name size” and so many bytes.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from hnmproject.backups import binary_log, parts, retention
from hnmproject.backups.errors import BackupError, explained
from hnmproject.backups.keys import Keyring, Seal
from hnmproject.backups.shelf import Position, Shelf

FOLDER = "logs"
NAME = re.compile(r"^[a-z0-9-]+\.\d{6,}$")
SERVER = re.compile(r"^[0-9a-f-]{36}$")


@dataclass(frozen=True)
class Log:
    """One on the shelf, with a small file beside it that says what it is."""

    note: Path

    @property
    def name(self) -> str:
        return self.note.name.removesuffix(".json")

    @property
    def number(self) -> int:
        return int(self.name.rpartition(".")[2])

    @property
    def path(self) -> Path:
        return self.note.with_name(self.name + parts.GZIP + self.seal.suffix)

    @property
    def seal(self) -> Seal:
        return Seal.from_json(self._said()["encryption"])

    @property
    def closed(self) -> datetime:
        return datetime.fromisoformat(self._said()["closed"])

    def _said(self) -> dict:  # type: ignore[type-arg]
        return json.loads(self.note.read_text())  # type: ignore[no-any-return]

    def check(self) -> None:
        if not self.path.is_file():
            raise BackupError(f"the binary log {self.path.name} is missing. Nothing was changed.")
        if parts.sha256(self.path) != self._said()["sha256"]:
            raise parts.damaged(self.path)


def kept(place: Shelf, server: str) -> list[Log]:
    """Oldest first."""
    folder = place.folder / FOLDER / server
    return sorted((Log(path) for path in folder.glob("*.json")), key=lambda log: log.number)


def known(place: Shelf) -> list[str]:
    """“server/log” of every one that is here."""
    return sorted(f"{note.parent.name}/{Log(note).name}" for note in (place.folder / FOLDER).glob("*/*.json"))


def keep(*, place: Shelf, frames: BinaryIO, keyring: Keyring) -> list[str]:
    """Put the logs that come in on the shelf; their names."""
    server = frames.readline().decode().strip()
    if not SERVER.match(server):
        raise BackupError("the database did not send its binary logs: look above for what MySQL said.")
    folder = place.folder / FOLDER / server
    names: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o770)
        for name, log in _frames(frames):
            _keep_one(folder, name, log, keyring)
            names.append(name)
    except OSError as error:
        raise explained(error) from error
    return names


def _keep_one(folder: Path, name: str, log: _Frame, keyring: Keyring) -> None:
    seal, note = keyring.seal(), parts.Written()
    path = folder / (name + parts.GZIP + seal.suffix)
    path.unlink(missing_ok=True)
    try:
        with parts.writing(path, keyring=keyring, seal=seal, note=note) as sink:
            copy = _Copying(log, sink)
            opened, closed = binary_log.span(copy)  # type: ignore[arg-type]
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    said = {
        "opened": opened.isoformat(),
        "closed": closed.isoformat(),
        "sha256": note.sha256,
        "encryption": seal.as_json(),
    }
    # Last: a log counts once its note is there.
    unfinished = folder / f".{name}"
    unfinished.write_text(json.dumps(said))
    unfinished.rename(folder / f"{name}.json")


class _Frame:
    """So many bytes of a stream."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source = source
        self.left = size

    def read(self, size: int) -> bytes:
        data = self._source.read(min(size, self.left))
        self.left -= len(data)
        return data


class _Copying:
    """What is read from it is written too: the log is understood, and so checked, while it is kept."""

    def __init__(self, source: _Frame, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._sink.write(data)
        return data


def _frames(source: BinaryIO) -> Iterator[tuple[str, _Frame]]:
    while line := source.readline().decode().strip():
        name, _space, size = line.partition(" ")
        if line == "end":
            return
        if not NAME.match(name):
            raise BackupError(f"the database sent {line[:60]!r} where a binary log should begin.")
        frame = _Frame(source, int(size))
        yield name, frame
        if frame.left:
            raise BackupError(f"the binary log {name} came incomplete. Try again.")
    raise BackupError("the binary logs came incomplete. Try again.")


def since(place: Shelf, position: Position) -> list[Log]:
    """The logs from a position on, without a gap. Raises BackupError where the first or one between is missing."""
    first = int(position.log.rpartition(".")[2])
    found = [log for log in kept(place, position.server) if log.number >= first]
    for expected, log in enumerate(found, start=first):
        if log.number != expected:
            raise BackupError(
                f"the binary log before {log.name} is missing: the way ends there. Restore without --until, or to an "
                "earlier moment."
            )
    if not found:
        raise BackupError(
            f"the binary log {position.log}, where the way from this backup begins, is not here. Restore without "
            "--until, or from a later backup."
        )
    return found


def replay(*, place: Shelf, position: Position, replay: binary_log.Replay, keyring: Keyring) -> Iterator[str]:
    """The SQL that leads from a backup to a moment."""
    for log in since(place, position):
        after = position.position if log.name == position.log else 4
        with parts.reading(log.path, keyring=keyring, seal=log.seal) as source:
            yield from replay.sql(source, after=after)
        if replay.is_over:
            return


def check_way(*, place: Shelf, position: Position, until: datetime) -> None:
    """Raises BackupError unless the logs lead from the position to the moment, each as it was written."""
    way = since(place, position)
    for log in way:
        log.check()
        if log.closed >= until:
            return
    raise BackupError(
        f"the binary logs here end at {way[-1].closed:%Y-%m-%d %H:%M:%S} UTC: give that moment or an earlier one."
    )


def prune(place: Shelf, *, days: int) -> list[str]:
    """Delete the logs that come before the daily backups: the way to a moment begins at one of these."""
    first: dict[str, int] = {}
    backups = place.backups()
    daily = retention.kept((backup.made for backup in backups), retention.Policy(days, 0, 0))
    for backup in (backup for backup in backups if backup.made in daily):
        position = backup.index().position
        number = int(position.log.rpartition(".")[2])
        first[position.server] = min(number, first.get(position.server, number))
    gone: list[str] = []
    for folder in sorted((place.folder / FOLDER).glob("*")):
        if folder.name not in first:
            shutil.rmtree(folder)
            gone.append(folder.name)
            continue
        for log in kept(place, folder.name):
            if log.number < first[folder.name]:
                log.path.unlink(missing_ok=True)
                log.note.unlink()
                gone.append(log.name)
    return gone
