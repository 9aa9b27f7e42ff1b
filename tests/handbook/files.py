"""Files that a chapter shows or changes."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from .chapters import Edit, Snippet

_GAP = re.compile(r"^\s*(#|//|<!--|\{#|--)?\s*(\.\.\.|…)\s*(-->|#\})?\s*$")


def snippet_problem(snippet: Snippet, root: Path) -> str | None:
    """Why the snippet is not what stands in the file; None when it is."""
    path = root / snippet.file
    if not path.is_file():
        return f"there is no file {snippet.file}"
    lines = [line.rstrip() for line in path.read_text().splitlines()]
    start = 0
    for part in _parts(snippet.text):
        found = _find(part, lines, start)
        if found is None:
            return (
                f"these lines do not stand in {snippet.file}"
                + (" (or not in this order)" if start else "")
                + (":\n" + textwrap.indent("\n".join(part), "    "))
            )
        start = found + len(part)
    return None


def _parts(text: str) -> list[list[str]]:
    """The runs of lines between lines that are just ``...`` (or a comment of it): gaps of any length."""
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if _GAP.match(line):
            parts.append([])
        else:
            parts[-1].append(line.rstrip())
    stripped = [_without_blank_ends(part) for part in parts]
    return [part for part in stripped if part]


def _without_blank_ends(lines: list[str]) -> list[str]:
    return "\n".join(lines).strip("\n").split("\n") if any(lines) else []


def _find(part: list[str], lines: list[str], start: int) -> int | None:
    wanted = _dedented(part)
    places = range(start, len(lines) - len(part) + 1)
    return next((i for i in places if _dedented(lines[i : i + len(part)]) == wanted), None)


def _dedented(lines: list[str]) -> str:
    return textwrap.dedent("\n".join(lines))


def apply(edit: Edit, root: Path) -> str | None:
    """Make the change; answer why it cannot be made, None when it was. The old lines must stand there exactly once."""
    path = root / edit.file
    if not path.is_file():
        return f"there is no file {edit.file}"
    lines = edit.diff.splitlines()
    old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    text = path.read_text()
    # Whole lines only: the text is looked for between line ends.
    count = f"\n{text}".count(f"\n{old}\n")
    if count != 1:
        return f"the old lines of the change stand {count} times in {edit.file}, not once"
    path.write_text(f"\n{text}".replace(f"\n{old}\n", f"\n{new}\n")[1:])
    return None
