"""What an import found and did, for whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.services import file_imports

MOST_NAMES = 50


@dataclass
class Report(file_imports.Report):
    items: int = 0
    posts: int = 0
    pages: int = 0
    drafts: int = 0  # of those
    kept: int = 0  # edited here since the last import, so left as they are
    files: int = 0  # to be fetched
    comments: int = 0
    in_the_bin: int = 0
    others: dict[str, int] = field(default_factory=dict)  # kinds of things that we have no place for
    new_tags: list[str] = field(default_factory=list)
    new_authors: list[str] = field(default_factory=list)

    def note_tags(self, names: list[str]) -> None:
        self.new_tags += [name for name in names if name not in self.new_tags][: MOST_NAMES - len(self.new_tags)]

    def note_author(self, name: str) -> None:
        if name not in self.new_authors and len(self.new_authors) < MOST_NAMES:
            self.new_authors.append(name)

    def count_other(self, kind: str) -> None:
        name = kind[:40]
        if name not in self.others and len(self.others) >= MOST_NAMES:
            name = "…"
        self.others[name] = self.others.get(name, 0) + 1
