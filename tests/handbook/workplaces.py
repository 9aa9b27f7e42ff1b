"""The settings that chapters are written for: where the commands run and what they find there."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .chapters import ROOT


@dataclass(frozen=True)
class Workplace:
    """``folder`` is where the reader stands after cloning; ``port`` is what 8000 becomes."""

    folder: Path
    environment: dict[str, str]
    port: int


def bare(folder: Path) -> Workplace:
    """A machine with Python and nothing else: a fresh clone, an empty HOME, a free port.

    The virtual environment of this test run is lent to it, because installing everything again for every chapter
    would take minutes. That the first start makes its own is tested where the whole of `make run` is.
    """
    clone, home = folder / "shop", folder / "home"
    home.mkdir()
    _clone(ROOT, clone)
    _lend_virtual_environment(clone)
    port = _free_port()
    environment = {
        **_terminal(home),
        "PORT": str(port),
        # The virtual environment is lent, so nothing may install into it.
        "PIP_NO_INDEX": "1",
    }
    return Workplace(folder=clone, environment=environment, port=port)


def containers(folder: Path) -> Workplace:
    """A clone whose containers run already: the one in HANDBOOK_STACK, under the names and ports that it has.

    Starting containers takes minutes, so all chapters of this setting share the stack of tests/stack, one after the
    other, and each leaves it as it was. tests/stack/test_3_handbook.py says what the environment must hold.
    """
    clone, home = Path(os.environ["HANDBOOK_STACK"]), folder / "home"
    home.mkdir()
    if not (clone / ".git").exists():
        _make_repository(clone)
    environment = {**_terminal(home), **_engine(), **_passed_on(_STACK_VARIABLES)}
    return Workplace(folder=clone, environment=environment, port=int(os.environ["PORT"]))


def server(folder: Path) -> Workplace:
    """A clone that is deployed from, and a server that it reaches as shop.example.com: tests/stack/server.py has both
    and runs the chapters; HANDBOOK_CLONE names the clone."""
    clone, home = Path(os.environ["HANDBOOK_CLONE"]), folder / "home"
    home.mkdir()
    environment = {**_terminal(home), **_engine(), **_passed_on(_SERVER_VARIABLES)}
    return Workplace(folder=clone, environment=environment, port=8000)


# The way to the server; and the settings of one that was not rented: its authority for certificates is a test's.
_SERVER_VARIABLES = ("SSH_CONFIG", "SHIPPING_VOLUME", "SETTINGS", "SIZE", "TMPDIR", "DOCKER_HOST")

# What tells one stack from another. Anything more in the environment could make Compose start it differently.
_STACK_VARIABLES = (
    "COMPOSE_PROJECT_NAME",
    "PORT",
    "MAIL_PORT",
    "STRIPE_PORT",
    "IMAGE",
    "HEALTH_INTERVAL",
    "DOCKER_HOST",
)

# A chapter names one of these in its front matter. Another setting is another function here.
SETTINGS: dict[str, Callable[[Path], Workplace]] = {"bare": bare, "containers": containers, "server": server}


def _terminal(home: Path) -> dict[str, str]:
    return {
        "PATH": _path_without_virtual_environment(),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "NO_COLOR": "1",
    }


def _engine() -> dict[str, str]:
    """The engine and its login are the machine's, even though HOME is empty."""
    return {"DOCKER_CONFIG": os.environ.get("DOCKER_CONFIG", str(Path.home() / ".docker"))}


def _passed_on(names: tuple[str, ...]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if name in os.environ}


def chosen() -> set[str]:
    """Which settings this run is for: HANDBOOK_SETTINGS, names with commas between, the bare machine unless told."""
    return set(os.environ.get("HANDBOOK_SETTINGS", "bare").split(","))


def _clone(source: Path, target: Path) -> None:
    """What a clone of the working tree would hold, uncommitted changes included, as a repository of one commit."""
    listed = _git(source, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (source / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target / name, follow_symlinks=False)
    _make_repository(target)


def _make_repository(target: Path) -> None:
    _git(target, "init", "--quiet", "--initial-branch=main")
    _git(target, "add", "--all")
    who = ("-c", "user.name=Reader", "-c", "user.email=reader@example.com", "-c", "commit.gpgsign=false")
    _git(target, *who, "commit", "--quiet", "--no-verify", "--message=Clone")


def _lend_virtual_environment(clone: Path) -> None:
    """A folder of its own around this run's Python and libraries, with the record that everything is installed."""
    lent, own = Path(sys.prefix), clone / ".venv"
    own.mkdir()
    shutil.copy(lent / "pyvenv.cfg", own)
    for name in ("bin", "lib"):
        (own / name).symlink_to(lent / name)
    shutil.copytree(clone / "requirements", own / "installed")


def _git(folder: Path, *arguments: str) -> str:
    result = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, timeout=60)
    return result.stdout


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _path_without_virtual_environment() -> str:
    own = str(Path(sys.prefix) / "bin")
    return os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if part != own)
