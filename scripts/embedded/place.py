"""Where an embedded shop lives: its folder, its port, and what it says about itself while it runs."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


class EmbeddedError(Exception):
    """Something a person has to change; the message is one line and says what."""


@dataclass(frozen=True)
class Place:
    root: Path
    var: Path
    host: str
    port: int

    @classmethod
    def here(cls) -> Place:
        """This repository's place, as the environment and .env say. Raise EmbeddedError for a port that is none."""
        var = Path(setting("VAR_DIR") or ROOT / "var")
        port = setting("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise EmbeddedError(f"PORT={port} is not a port: use a number from 1024 to 65535.")
        return cls(root=ROOT, var=ROOT / var, host=os.environ.get("HOST") or "127.0.0.1", port=int(port))

    @property
    def app(self) -> Path:
        return self.root / "app"

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def login(self) -> Path:
        """The staff login that the first start made."""
        return self.var / "staff-login"

    @property
    def log(self) -> Path:
        return self.var / "log" / "embedded.log"

    @property
    def lock(self) -> Path:
        return self.var / "run.lock"

    @property
    def record(self) -> Path:
        """What runs, for the commands that act on it. Worth something only while the lock is held."""
        return self.var / "run.json"

    def environment(self, valkey_port: int) -> dict[str, str]:
        """What every process of this shop gets, beside .env."""
        return {
            "VAR_DIR": str(self.var),
            "REDIS_URL": f"redis://127.0.0.1:{valkey_port}/0",
            "CACHE_URL": f"redis://127.0.0.1:{valkey_port}/1",
            "SITE_URL": setting("SITE_URL") or self.address,
        }

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Be the one that runs here. Raise EmbeddedError when another does."""
        with self.lock.open("a") as file:
            try:
                # The kernel lets go of it when this process ends, however it ends.
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EmbeddedError(self.describe_running()) from None
            try:
                yield
            finally:
                self.record.unlink(missing_ok=True)

    def is_running(self) -> bool:
        try:
            with self.lock.open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def running(self) -> dict[str, Any] | None:
        """The record of the shop that runs here, or None when none does."""
        if not self.is_running():
            return None
        try:
            record: dict[str, Any] = json.loads(self.record.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None  # it holds the lock and has written nothing yet
        return record

    def describe_running(self) -> str:
        record = self.running()
        if record is None:
            return "another “make run” is just starting in this folder."
        return f"it runs already, at {record['address']} (process {record['pid']}): stop it with “make down”."


def setting(name: str) -> str:
    """A variable as Django will see it: from the environment, else from .env."""
    return os.environ.get(name) or dotenv().get(name, "")


def dotenv() -> dict[str, str]:
    try:
        lines = (ROOT / ".env").read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.removeprefix("export ").split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("'\"") for key, value in pairs}
