"""Whether what a command printed is what the chapter shows."""

from __future__ import annotations

import difflib
import re

ANY_LINES = "..."

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# What differs from run to run. The order matters: a date with a time before either of them alone.
_MASKS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|UTC|[+-]\d\d:?\d\d))?"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "<date>"),
    (re.compile(rf"\b\d{{1,2}} ({_MONTHS}) \d{{4}}\b"), "<date>"),
    (re.compile(r"\b\d{1,2}:\d\d:\d\d([.,]\d+)?\b"), "<time>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b"), "<id>"),
    (re.compile(r"\b(localhost|127\.0\.0\.1|0\.0\.0\.0):\d+"), r"\1:<port>"),
    (re.compile(r"\b([Pp]ort) \d+"), r"\1 <port>"),
    (re.compile(r"\bv?\d+\.\d+(\.\d+)+(\.?(post|dev|rc|a|b)\d+)?\b"), "<version>"),
    (re.compile(r"\b(Python|Django|SQLite|MySQL|Valkey) \d+(\.\d+)*\b"), r"\1 <version>"),
    (re.compile(r"\b\d+([.,]\d+)? ?(ms|s|seconds?|minutes?)\b"), "<duration>"),
    (re.compile(r"#\d+\b"), "#<id>"),
    (re.compile(r"\b(pid|id|pk)(['\"]?[=:] ?)\d+\b"), r"\1\2<id>"),
]


def normalise(text: str) -> list[str]:
    """The lines without colours, trailing blanks, blank lines at either end, and what differs from run to run."""
    text = _ANSI.sub("", text).replace("\r\n", "\n").strip("\n")
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def matches(shown: str, got: str, *, so_far: bool = False) -> bool:
    """A line ``...`` stands for any lines, ``...`` within a line for any text. ``so_far`` allows more at the end."""
    expected, actual = normalise(shown), normalise(got)
    if so_far:
        expected.append(ANY_LINES)
    chunks = _chunks(expected)
    first, *others = chunks
    if not _chunk_at(first, actual, 0):
        return False
    if not others:
        return len(first) == len(actual)
    return _in_order(others, actual, len(first))


def _chunks(lines: list[str]) -> list[list[str]]:
    """The runs of lines between the ``...`` lines; the first and the last may be empty."""
    chunks: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == ANY_LINES:
            chunks.append([])
        else:
            chunks[-1].append(line)
    return chunks


def _in_order(chunks: list[list[str]], actual: list[str], start: int) -> bool:
    *middle, last = chunks
    for chunk in middle:
        found = next((i for i in range(start, len(actual) + 1) if _chunk_at(chunk, actual, i)), None)
        if found is None:
            return False
        start = found + len(chunk)
    end = len(actual) - len(last)
    return end >= start and _chunk_at(last, actual, end)


def _chunk_at(chunk: list[str], actual: list[str], start: int) -> bool:
    window = actual[start : start + len(chunk)]
    return len(window) == len(chunk) and all(map(_line_matches, chunk, window))


def _line_matches(expected: str, actual: str) -> bool:
    if ANY_LINES not in expected:
        return expected == actual
    pattern = ".*".join(re.escape(part) for part in expected.split(ANY_LINES))
    return re.fullmatch(pattern, actual) is not None


def difference(shown: str, got: str) -> str:
    lines = difflib.unified_diff(normalise(shown), normalise(got), "shown", "got", lineterm="", n=3)
    return "\n".join(lines)
