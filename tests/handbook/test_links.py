"""Every link in the handbook and in the repository's own texts leads somewhere, and the navigation is complete."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .chapters import DOCS, ROOT

TEXTS = [path for name in ("README", "CONTRIBUTING", "CHANGELOG") if (path := ROOT / f"{name}.md").exists()]
PAGES = [*sorted(DOCS.rglob("*.md")), *TEXTS]

_FENCED = re.compile(r"^( *)(`{3,}).*?^\1\2`*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?)(?: +\{ *#([\w-]+) *\})?$", re.MULTILINE)


def _links(path: Path) -> Iterator[str]:
    text = _CODE.sub("", _FENCED.sub("", path.read_text()))
    for target in _LINK.findall(text):
        if not re.match(r"[a-z]+:", target):
            yield target


def _anchors(path: Path) -> set[str]:
    """The ids of the headings, as the site and GitHub make them."""
    return {own or _slug(title) for title, own in _HEADING.findall(_FENCED.sub("", path.read_text()))}


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _problem(page: Path, target: str) -> str | None:
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.exists():
        return "there is no such file"
    if page.is_relative_to(DOCS) and not path.is_relative_to(DOCS):
        return "it leaves docs/, and so the site: name the file instead of linking it"
    if anchor and anchor not in _anchors(path):
        return f"{path.name} has no heading “#{anchor}”, only {sorted(_anchors(path))}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    problems = [f"{target}: {problem}" for target in _links(page) if (problem := _problem(page, target))]
    assert not problems


def _listed(entry: Any) -> Iterator[str]:
    """The pages of a part of the navigation, which is a name, or a table or list of parts."""
    if isinstance(entry, str):
        yield entry
    else:
        for part in entry.values() if isinstance(entry, dict) else entry:
            yield from _listed(part)


def test_the_navigation_lists_every_page_once() -> None:
    configuration = tomllib.loads((ROOT / "zensical.toml").read_text())
    pages = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))
    assert sorted(_listed(configuration["project"]["nav"])) == pages


def test_a_decision_has_its_three_parts_and_fits_on_a_page() -> None:
    decisions = sorted((DOCS / "adr").glob("[0-9]*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        assert {"context", "decision", "consequences"} <= _anchors(path), path.name
        assert len(path.read_text().splitlines()) <= 60, path.name


@pytest.mark.parametrize(
    ("target", "problem"),
    [("nowhere.md", "there is no such file"), ("#nothing", "has no heading"), ("../README.md", "leaves docs/")],
)
def test_refuses_a_dead_link(target: str, problem: str) -> None:
    assert problem in (_problem(DOCS / "index.md", target) or "")
