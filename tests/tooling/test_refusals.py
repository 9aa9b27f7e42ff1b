"""What `make run` says where it cannot run: one line, and an exit code."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tooling.shells import Shell


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell.in_clone(tmp_path_factory.mktemp("refusals"))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def _refusal(shell: Shell, *command: str, **variables: str) -> str:
    result = shell.run(*command, **variables)
    assert result.returncode != 0, result.stdout
    lines = [line for line in result.stderr.splitlines() if not line.startswith("make: ***")]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("Error: ")
    return lines[0]


def _shim(folder: Path, name: str, body: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def test_a_word_that_is_no_option(shell: Shell) -> None:
    assert "“--port” is no option" in _refusal(shell, "scripts/run", "--port", "9000")


def test_a_taken_port(shell: Shell, taken_port: int) -> None:
    line = _refusal(shell, "make", "run", PORT=str(taken_port))
    assert f"port {taken_port} is taken" in line
    assert "PORT=9000 make run" in line


def test_names_the_holder_of_the_port(shell: Shell, taken_port: int) -> None:
    assert "(process " in _refusal(shell, "scripts/run", PORT=str(taken_port))


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none(shell: Shell, port: str) -> None:
    assert f"PORT={port} is not a port" in _refusal(shell, "scripts/run", PORT=port)


def test_an_address_of_another_machine(shell: Shell) -> None:
    assert "192.0.2.1" in _refusal(shell, "scripts/run", HOST="192.0.2.1")


def test_an_old_python(shell: Shell, tmp_path: Path) -> None:
    shims = tmp_path / "bin"
    for name in ("python3.13", "python3.12", "python3.11", "python3", "python"):
        _shim(shims, name, 'echo "is Python 3.9.2"; exit 3')
    line = _refusal(shell, "scripts/run", PATH=f"{shims}:{shell.environment['PATH']}", VENV=str(tmp_path / "none"))
    assert "Python 3.11 or newer is needed, and python3.13 is Python 3.9.2" in line
    assert "apt install python3" in line


def test_a_python_that_the_person_chose_wrongly(shell: Shell, tmp_path: Path) -> None:
    line = _refusal(shell, "scripts/run", PYTHON="python2.7-or-so", VENV=str(tmp_path / "none"))
    assert "Python 3.11 or newer is needed" in line


def test_a_python_without_ensurepip_as_debian_has_it(shell: Shell, tmp_path: Path) -> None:
    shims = tmp_path / "bin"
    _shim(shims, "python3.11", 'echo "has no module ensurepip"; exit 4')
    line = _refusal(
        shell,
        "scripts/run",
        PYTHON="python3.11",
        PATH=f"{shims}:{shell.environment['PATH']}",
        VENV=str(tmp_path / "no"),
    )
    assert "apt install python3.11-venv" in line


def test_a_folder_that_cannot_be_made(shell: Shell, tmp_path: Path) -> None:
    """A file stands where the folder should: the tests may run as root, whom no permission stops."""
    (tmp_path / "file").touch()
    line = _refusal(shell, "scripts/run", VAR_DIR=str(tmp_path / "file" / "var"))
    assert "cannot make the folder" in line


def test_a_folder_that_cannot_be_written(shell: Shell) -> None:
    line = _refusal(shell, "scripts/run", VAR_DIR="/proc/self")
    assert "cannot write to the folder /proc/self" in line


def test_nothing_was_made_before_the_refusals(shell: Shell) -> None:
    assert not (shell.folder / ".env").exists()


def test_a_mode_that_is_none(shell: Shell) -> None:
    assert "MODE=cloud is neither" in _refusal(shell, "make", "ps", MODE="cloud")


def test_containers_without_an_engine(shell: Shell) -> None:
    line = _refusal(shell, "make", "up", DOCKER_HOST="tcp://127.0.0.1:1")
    assert "use “make run”" in line


def test_nobody_to_ask_whether_to_delete(shell: Shell) -> None:
    (shell.folder / "var").mkdir(exist_ok=True)
    result = shell.run("make", "clean", MODE="embedded")
    assert result.returncode != 0
    assert "nobody is here to answer" in result.stderr
    assert (shell.folder / "var").exists()


def test_a_folder_that_is_not_the_shops_is_not_deleted(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    assert "does not look like" in _refusal(shell, "scripts/clean", "--yes", MODE="embedded", VAR_DIR=str(tmp_path))
    assert (tmp_path / "letter").exists()
