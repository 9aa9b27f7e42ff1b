"""How far an import is, for who waits for it: its runs, and the pictures that jobs of their own fetch."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import QuerySet

from ecommerce.models import ProductImport
from tasks.models import Job

from .applying import FETCH
from .report import MOST_PROBLEMS, Problem


@dataclass
class Pictures:
    products: int = 0  # how many have pictures to be fetched
    done: int = 0  # of those, how many have been looked after
    fetched: int = 0
    missing: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        return self.done == self.products


def picture_jobs(record: ProductImport) -> QuerySet[Job]:
    return Job.objects.filter(kind=FETCH, key__startswith=f"{record.pk}-").order_by("pk")


def pictures(record: ProductImport) -> Pictures:
    """One query."""
    found = Pictures()
    for state, result in picture_jobs(record).values_list("state", "result").iterator():
        found.products += 1
        found.done += state not in Job.UNFINISHED
        if result:
            found.fetched += result["fetched"]
            found.missing += len(result["problems"])
            found.problems += [Problem(**problem) for problem in result["problems"]]
    found.problems.sort(key=lambda problem: problem.line)
    del found.problems[MOST_PROBLEMS:]
    return found
