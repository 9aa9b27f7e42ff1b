"""Check that requirements/ still is what pyproject.toml asks for, without asking anybody else.

Usage: python scripts/check_locks.py
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The lock of each set holds the project's own dependencies, these extras and these groups.
SETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "production": (("mysql", "s3"), ()),
    "embedded": (("embedded",), ()),
    "test": (("embedded",), ("test",)),
    "check": (("embedded",), ("test", "check")),
}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
HASHES = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def main() -> int:
    locks = {name: _pins((ROOT / "requirements" / f"{name}.txt").read_text()) for name in SETS}
    problems = [*_differences_from_project(locks), *_disagreements(locks), *_entries_without_hash()]
    for problem in problems:
        print(problem)
    if problems:
        print("Run “make lock” and commit what it writes.")
    return 1 if problems else 0


def _pins(text: str) -> dict[str, str]:
    return {_normal(match["name"]): match["version"] for match in PIN.finditer(text)}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _differences_from_project(locks: dict[str, dict[str, str]]) -> Iterator[str]:
    for set_name, (extras, groups) in SETS.items():
        for name, version in _pins("\n".join(_asked_for(extras, groups))).items():
            locked = locks[set_name].get(name)
            if locked != version:
                yield f"requirements/{set_name}.txt has {name} {locked}, pyproject.toml asks for {version}."


def _asked_for(extras: Iterable[str], groups: Iterable[str]) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    requirements = list(project["project"]["dependencies"])
    for extra in extras:
        requirements += project["project"]["optional-dependencies"][extra]
    for group in groups:
        requirements += project["dependency-groups"][group]
    return requirements


def _disagreements(locks: dict[str, dict[str, str]]) -> Iterator[str]:
    """What is tested must be what is deployed."""
    for set_name, pins in locks.items():
        for name, version in pins.items():
            widest = locks["check"].get(name, version)
            if version != widest:
                yield f"requirements/{set_name}.txt has {name} {version}, requirements/check.txt has {widest}."


def _entries_without_hash() -> Iterator[str]:
    for set_name in SETS:
        entries = (ROOT / "requirements" / f"{set_name}.txt").read_text().replace("\\\n", " ").splitlines()
        for entry in entries:
            if PIN.match(entry) and not HASHES.search(entry):
                yield f"requirements/{set_name}.txt has no hash for {entry.split()[0]}."


if __name__ == "__main__":
    sys.exit(main())
