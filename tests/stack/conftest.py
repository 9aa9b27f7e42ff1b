"""One stack for the whole run, made by ``make up`` from a copy of the working tree, and always taken away."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.stack.stack import Stack


def _engine_answers() -> bool:
    return shutil.which("docker") is not None and (
        subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0
    )


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    assert _engine_answers(), "These tests need a Docker engine: `make test-stack` says how to get one."
    folder: Path = tmp_path_factory.mktemp("stack")
    # pytest's folders are private; the containers' users read this one.
    for parent in (folder, *folder.parents):
        if parent.owner() == folder.owner() and parent.name.startswith(("pytest-", "stack")):
            parent.chmod(0o755)
    stack = Stack(folder=folder)
    stack.copy_repository()
    try:
        stack.up_output = stack.make("up")
        yield stack
    except BaseException:
        print(stack.compose("ps", "--all", check=False))
        print(stack.compose("logs", "--tail", "40", check=False))
        raise
    finally:
        stack.destroy()


_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Note a figure, such as a time to recovery, which is printed after the run: nothing here depends on it."""
    figures: list[str] = pytestconfig.stash.setdefault(_FIGURES, [])
    return figures.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if figures := config.stash.get(_FIGURES, []):
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.line(line)
