"""What an import found and did, for whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.services import file_imports


@dataclass
class Report(file_imports.Report):
    rows: int = 0
    variants: int = 0
    pictures: int = 0  # to be fetched
    new_categories: list[str] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)

    def note_category(self, path: str) -> None:
        if path not in self.new_categories:
            self.new_categories.append(path)
