"""Folders in and out of a backup, as tar, with a SHA-256 of every file."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from hnmproject.backups.errors import BackupError
from hnmproject.backups.parts import CHUNK

INCOMING, OUTGOING = ".restore-incoming", ".restore-outgoing"
OWN = {INCOMING, OUTGOING}


@dataclass(frozen=True)
class File:
    size: int
    sha256: str


class _Read:
    """A file as tar reads it, summed up."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sum.update(data)
        return data


def pack(sink: BinaryIO, folders: Mapping[str, Path]) -> dict[str, File]:
    """Write each folder under its name; what was written, by name. A file that goes away meanwhile is left out."""
    packed: dict[str, File] = {}
    with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK) as tar:
        for label, folder in folders.items():
            for path in _walk(folder):
                name = f"{label}/{path.relative_to(folder).as_posix()}"
                try:
                    packed[name] = _pack_one(tar, path, name)
                except FileNotFoundError:
                    continue
    return packed


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name in OWN or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


def _pack_one(tar: tarfile.TarFile, path: Path, name: str) -> File:
    with path.open("rb") as file:
        entry = tar.gettarinfo(arcname=name, fileobj=file)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        read = _Read(file)
        try:
            tar.addfile(entry, read)
        except tarfile.TarError as error:
            raise BackupError(f"{path} became shorter while it was read. Nothing was kept; try again.") from error
        except OSError as error:
            if str(error) == "unexpected end of data":
                raise BackupError(f"{path} became shorter while it was read. Nothing was kept; try again.") from error
            raise
        return File(entry.size, read.sum.hexdigest())


def members(source: BinaryIO) -> Iterator[tuple[str, Any]]:
    """The files of a tar one after the other, each with a stream that is valid until the next. Only plain names."""
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=CHUNK) as tar:
            for entry in tar:
                parts = PurePosixPath(entry.name).parts
                if not entry.isreg() or entry.name.startswith("/") or ".." in parts:
                    raise BackupError(f"the backup holds {entry.name!r}, which no backup of ours would.")
                yield entry.name, tar.extractfile(entry)
    except tarfile.TarError as error:
        raise BackupError("the files of the backup are damaged. Nothing was changed. Take another backup.") from error


def sums(source: BinaryIO) -> dict[str, File]:
    """What a tar really holds, read to its end."""
    found: dict[str, File] = {}
    for name, stream in members(source):
        found[name] = _copy(stream, None)
    return found


def unpack(source: BinaryIO, folders: Mapping[str, Path]) -> dict[str, File]:
    """Write the files beside those of today (see `take_over`), and say what was written."""
    for folder in folders.values():
        shutil.rmtree(folder / INCOMING, ignore_errors=True)
        (folder / INCOMING).mkdir(parents=True)
    found: dict[str, File] = {}
    for name, stream in members(source):
        label, _slash, rest = name.partition("/")
        if label not in folders:
            raise BackupError(f"the backup holds {name!r}, and nothing is known of {label!r}.")
        path = folders[label] / INCOMING / rest
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            found[name] = _copy(stream, target)
    return found


def _copy(stream: Any, target: BinaryIO | None) -> File:
    digest, size = hashlib.sha256(), 0
    while data := stream.read(CHUNK):
        digest.update(data)
        size += len(data)
        if target:
            target.write(data)
    return File(size, digest.hexdigest())


def take_over(folder: Path, *, keep: bool = False) -> None:
    """Put what `unpack` wrote in the place of what is there; with `keep`, files that only today has stay too."""
    incoming, outgoing = folder / INCOMING, folder / OUTGOING
    if not incoming.is_dir():
        return
    if keep:
        for path in _walk(folder):
            kept = incoming / path.relative_to(folder)
            if not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                path.rename(kept)
    shutil.rmtree(outgoing, ignore_errors=True)
    outgoing.mkdir()
    for path in list(folder.iterdir()):
        if path.name not in OWN:
            path.rename(outgoing / path.name)
    for path in list(incoming.iterdir()):
        path.rename(folder / path.name)
    incoming.rmdir()
    shutil.rmtree(outgoing)


def give_up(folder: Path) -> None:
    shutil.rmtree(folder / INCOMING, ignore_errors=True)


def differences(expected: Mapping[str, File], found: Mapping[str, File]) -> list[str]:
    said: list[str] = []
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            said.append(f"file {name} is missing")
        elif name not in expected:
            said.append(f"file {name} is there and should not be")
        elif expected[name] != found[name]:
            said.append(f"file {name} has other contents")
    return said
