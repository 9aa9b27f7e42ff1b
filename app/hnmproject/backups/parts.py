"""The files of a backup as streams: compressed, encrypted and summed up on their way, in memory of a fixed size."""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pyrage

from hnmproject.backups.errors import BackupError
from hnmproject.backups.keys import Keyring, Seal

CHUNK = 256 * 1024
GZIP = ".gz"


@dataclass
class Written:
    """What a part became on the disk, once it is closed."""

    size: int = 0
    sha256: str = ""


class _Summing:
    """A file that is written, with its size and SHA-256."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self.size = 0
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            self._file.write(data)
        except OSError as error:  # pyrage would make text of it
            self.failure = error
            raise
        self._sum.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


@contextmanager
def writing(path: Path, *, keyring: Keyring, seal: Seal, note: Written) -> Iterator[BinaryIO]:
    """What is written into it goes to the path; compressed where its name says so, encrypted where the seal does."""
    locks = keyring.locks(seal)
    with path.open("xb") as file:
        summing = _Summing(file)
        with _encrypting(summing, locks) if locks else _plain(summing) as sink:
            if GZIP in path.suffixes:
                with gzip.GzipFile(filename="", mode="wb", fileobj=sink, compresslevel=6, mtime=0) as compressed:
                    yield cast("BinaryIO", compressed)
            else:
                yield sink
        file.flush()
        os.fsync(file.fileno())
    note.size, note.sha256 = summing.size, summing.sha256


@contextmanager
def _plain(summing: _Summing) -> Iterator[BinaryIO]:
    yield cast("BinaryIO", summing)


@contextmanager
def _encrypting(summing: _Summing, locks: list[Any]) -> Iterator[BinaryIO]:
    """age reads what it encrypts, so it does that in a thread, from a pipe that we write into."""
    come_out, go_in = os.pipe()

    def encrypt() -> None:
        with os.fdopen(come_out, "rb") as source:
            pyrage.encrypt_io(source, summing, locks)

    with _beside(encrypt) as failed, os.fdopen(go_in, "wb", buffering=CHUNK) as sink:
        try:
            yield sink
            sink.flush()
        except BrokenPipeError:
            _drop(sink)
            failed.wait(10)
            raise summing.failure or BackupError("the encryption ended early.") from None


@contextmanager
def reading(path: Path, *, keyring: Keyring, seal: Seal) -> Iterator[BinaryIO]:
    """The part's content. Raises BackupError where the key is wrong or the file is damaged."""
    keys = keyring.opens(seal)
    try:
        with path.open("rb") as file, _decrypting(file, keys, path) if keys else _as_it_is(file) as content:
            if GZIP in path.suffixes:
                with gzip.GzipFile(fileobj=content, mode="rb") as plain:
                    yield cast("BinaryIO", plain)
            else:
                yield content
    except FileNotFoundError as error:
        raise BackupError(f"{path.name} of {path.parent.name} is missing. Take another backup.") from error
    except (EOFError, gzip.BadGzipFile) as error:
        raise damaged(path) from error


@contextmanager
def _as_it_is(file: BinaryIO) -> Iterator[BinaryIO]:
    yield file


@contextmanager
def _decrypting(file: BinaryIO, keys: list[Any], path: Path) -> Iterator[BinaryIO]:
    come_out, go_in = os.pipe()

    def decrypt() -> None:
        with os.fdopen(go_in, "wb", buffering=CHUNK) as sink, suppress(BrokenPipeError):
            try:
                pyrage.decrypt_io(file, sink, keys)
            except pyrage.DecryptError as error:
                raise _wrong_key(path) from error
            except BrokenPipeError:  # nobody reads on
                raise
            except OSError as error:
                raise damaged(path) from error

    with _beside(decrypt), os.fdopen(come_out, "rb", buffering=CHUNK) as content:
        yield content


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[threading.Event]:
    """Run it in a thread beside the block. What it raises is raised here, and is what counts where both fail."""
    raised: list[BaseException] = []
    ended = threading.Event()

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            ended.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield ended
    except BaseException:
        thread.join(10)
        if raised and isinstance(raised[0], BackupError):
            raise raised[0] from None
        raise
    thread.join()
    if raised:
        raise raised[0]


def _drop(sink: IO[bytes]) -> None:
    """Close it without writing what is left."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sink.fileno())


def damaged(path: Path) -> BackupError:
    return BackupError(f"{path.name} of {path.parent.name} is damaged. Nothing was changed. Take another backup.")


def _wrong_key(path: Path) -> BackupError:
    return BackupError(f"the passphrase or key does not open {path.parent.name}. Nothing was changed.")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copied(source: BinaryIO, target: Any) -> int:
    number = 0
    while data := source.read(CHUNK):
        target.write(data)
        number += len(data)
    return number
