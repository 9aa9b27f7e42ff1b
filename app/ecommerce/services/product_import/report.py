"""What an import found and did, for whoever asked for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Level = Literal["error", "warning"]
MOST_PROBLEMS = 1000  # nobody reads more, and the report is kept in a row


@dataclass(frozen=True)
class Problem:
    line: int
    level: Level
    message: str
    handle: str = ""


@dataclass
class Report:
    """``refusal`` says why the whole file was refused; then nothing else is set."""

    refusal: str = ""
    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    variants: int = 0
    pictures: int = 0  # to be fetched
    errors: int = 0
    warnings: int = 0
    finished: bool = False
    new_categories: list[str] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def products(self) -> int:
        return self.created + self.updated

    @property
    def left_out(self) -> int:
        """Problems that are counted but not listed."""
        return self.errors + self.warnings - len(self.problems)

    def add(self, problem: Problem) -> None:
        if problem.level == "error":
            self.errors += 1
        else:
            self.warnings += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def note_category(self, path: str) -> None:
        if path not in self.new_categories:
            self.new_categories.append(path)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(stored: dict[str, Any]) -> Report:
    """Also one that another release has stored: what it does not know is left out."""
    known = {name: value for name, value in stored.items() if name in Report.__dataclass_fields__}
    problems = [Problem(**problem) for problem in known.pop("problems", [])]
    return Report(**known, problems=problems)
