"""Make a backup out of a dump that streams in, the folders of files, and the settings."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from hnmproject.backups import files, parts, shelf
from hnmproject.backups.database import Description, Watched
from hnmproject.backups.errors import BackupError, explained
from hnmproject.backups.keys import NONE, Keyring, Seal
from hnmproject.backups.shelf import Backup, Contents, Index, Position, Shelf


@dataclass
class _Making:
    """One backup while it is made: what was written so far."""

    folder: Path
    keyring: Keyring
    seal: Seal
    sums: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def name(self, part: str) -> str:
        return part + self.seal.suffix

    def add_database(self, dump: BinaryIO) -> Description:
        watched, note = Watched(dump), parts.Written()
        name = self.name(shelf.DATABASE)
        with parts.writing(self.folder / name, keyring=self.keyring, seal=self.seal, note=note) as sink:
            for chunk in watched.chunks():
                sink.write(chunk)
        self.sums[name], self.sizes[shelf.DATABASE] = note.sha256, watched.size
        return watched.description()

    def add_folders(self, part: str, folders: Mapping[str, Path]) -> dict[str, files.File]:
        name, note = self.name(part), parts.Written()
        with parts.writing(self.folder / name, keyring=self.keyring, seal=self.seal, note=note) as sink:
            packed = files.pack(sink, folders)
        self.sums[name], self.sizes[part] = note.sha256, sum(file.size for file in packed.values())
        return packed

    def add_contents(self, contents: Contents) -> None:
        name, note = self.name(shelf.CONTENTS), parts.Written()
        with parts.writing(self.folder / name, keyring=self.keyring, seal=self.seal, note=note) as sink:
            sink.write(json.dumps(contents.as_json()).encode())
        self.sums[name] = note.sha256

    def add_index(self, index: Index) -> None:
        path = self.folder / shelf.INDEX
        path.write_text(json.dumps(index.as_json(), indent=2) + "\n")
        self.sums[shelf.INDEX] = parts.sha256(path)
        shelf.write_sums(self.folder, self.sums)


def make(
    *,
    place: Shelf,
    dump: BinaryIO,
    folders: Mapping[str, Path],
    settings: Mapping[str, Path],
    keyring: Keyring,
    release: str,
    with_secrets: bool = False,
    after_restore: bool = False,
) -> Backup:
    """A new backup. Raises BackupError, and then nothing of it is left."""
    seal = keyring.seal()
    if with_secrets and seal.kind == NONE:
        raise BackupError(
            "secrets are only kept encrypted: set BACKUP_AGE_RECIPIENTS, or a passphrase in secrets/backup_passphrase."
        )
    place.sweep()
    unfinished = place.folder / f"{shelf.UNFINISHED}{release[-20:].replace('/', '-')}"
    try:
        unfinished.mkdir(mode=0o770)
        made = _fill(_Making(unfinished, keyring, seal), dump, folders, settings, release, with_secrets, after_restore)
        final = place.folder / f"{made:%Y%m%d-%H%M%S}"
        unfinished.rename(final)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise explained(error) from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return Backup(final)


def _fill(  # type: ignore[no-untyped-def]
    making: _Making,
    dump: BinaryIO,
    folders: Mapping[str, Path],
    settings: Mapping[str, Path],
    release: str,
    with_secrets: bool,
    after_restore: bool,
):
    # The database first: a file that it names is written before its row, so it is there when files are read.
    said = making.add_database(dump)
    assert said.made is not None  # noqa: S101  # a complete description has one
    packed = making.add_folders(shelf.FILES, folders)
    if settings:
        making.add_folders(shelf.SETTINGS, settings)
    making.add_contents(Contents(tables=said.tables, migrations=said.migrations, files=packed))
    making.add_index(
        Index(
            made=said.made,
            release=release,
            database=said.database,
            mysql=said.version,
            seal=making.seal,
            position=Position(said.server, said.log, said.position),
            sizes=making.sizes,
            tables=len(said.tables),
            rows=sum(table.rows for table in said.tables.values()),
            files=len(packed),
            with_secrets=with_secrets,
            after_restore=after_restore,
        )
    )
    return said.made
