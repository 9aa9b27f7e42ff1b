"""Checks before anything is changed, each with one line that says what to do."""

from __future__ import annotations

import contextlib
import errno
import socket
import tempfile
from pathlib import Path

from .place import EmbeddedError, Place


def preflight(place: Place, arguments: list[str]) -> int:
    folder_is_writable(place.root)
    make_folder(place.var)
    folder_is_writable(place.var)
    if place.is_running():
        raise EmbeddedError(place.describe_running())
    port_is_free(place.host, place.port)
    return 0


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"cannot make the folder {folder}: {error.strerror}.") from error


def folder_is_writable(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise EmbeddedError(f"cannot write to the folder {folder}: {error.strerror}.") from error


def port_is_free(host: str, port: int) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
    except PermissionError as error:
        raise EmbeddedError(f"port {port} needs root: use another, as “PORT=9000 make run”.") from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise EmbeddedError(f"HOST={host} is not an address of this machine.") from error
        holder = holder_of(port)
        by = f" by {holder}" if holder else ""
        raise EmbeddedError(f"port {port} is taken{by}: use another, as “PORT={_another(port)} make run”.") from error


def _another(port: int) -> int:
    return 9000 if port != 9000 else 9001


def holder_of(port: int) -> str:
    """Which program listens on a port, where Linux lets this user see it; else nothing."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for folder in Path("/proc").glob("[0-9]*") if sockets else ():
        with contextlib.suppress(OSError):  # another user's process, or one that has just ended
            if any(str(link.readlink()) in sockets for link in (folder / "fd").iterdir()):
                return f"{(folder / 'comm').read_text().strip()} (process {folder.name})"
    return ""


def _listening_inodes(port: int) -> list[str]:
    inodes = []
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        rows = [line.split() for line in table.read_text().splitlines()[1:]] if table.exists() else []
        # Columns: 1 local address in hexadecimal, 3 state (0A listens), 9 inode.
        inodes += [row[9] for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port]
    return inodes
