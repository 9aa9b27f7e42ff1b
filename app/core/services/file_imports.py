"""What every import of a file has in common: its upload, its two runs as durable jobs, its report, what it fetches.

An import has a model (``core.models.FileImport``), a kind of job for its runs and one for what these leave to be
fetched from elsewhere, and a report. ``Importer`` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Generic, Literal, Self, TypeVar

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils.translation import gettext as _

from core.models import FileImport
from tasks.models import Job
from tasks.services import jobs

if TYPE_CHECKING:
    from users.models import CustomUser

Level = Literal["error", "warning"]
Progress = Callable[[int, int, str], None]
MOST_PROBLEMS = 1000  # nobody reads more, and the report is kept in a row

# Sent with current, total and message while a run goes on in this process, for a command that shows it.
progressed = Signal()


class FileImportError(Exception):
    """Its text is a sentence for whoever asked: what is wrong, and what to do next."""


class FileRefusedError(FileImportError):
    """The file as a whole cannot be read. Nothing was changed."""


class ImportGoneError(FileImportError):
    """The import or its file has been deleted."""


class WrongImportStateError(FileImportError):
    """It has been imported already, or its check found nothing that could be."""


@dataclass(frozen=True)
class Problem:
    line: int
    level: Level
    message: str
    handle: str = ""  # what it concerns, as the file calls it


@dataclass
class Report:
    """What a run found and did. ``refusal`` says why the whole file was refused; then nothing else is set."""

    refusal: str = ""
    created: int = 0
    updated: int = 0
    skipped: int = 0
    errors: int = 0
    warnings: int = 0
    finished: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def taken(self) -> int:
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

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Also one that another release has stored: what it does not know is left out."""
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        problems = [Problem(**problem) for problem in known.pop("problems", [])]
        return cls(**known, problems=problems)


@dataclass
class Fetched:
    """What became of the files that an import named and that jobs of their own fetch."""

    jobs: int = 0
    done: int = 0  # of those jobs
    fetched: int = 0
    missing: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        return self.done == self.jobs


Record = TypeVar("Record", bound=FileImport)
Result = TypeVar("Result", bound=Report)


@dataclass(frozen=True)
class Importer(Generic[Record, Result]):
    """``run_kind`` takes import_id and dry_run. ``fetch_kind`` returns fetched and problems, and has keys that begin
    with the import's. ``survey`` raises FileRefusedError for a file that cannot be read."""

    model: type[Record]
    report: type[Result]
    run_kind: str
    fetch_kind: str
    stored_name: str
    survey: Callable[[BinaryIO], Any]

    def upload(self, *, file: IO[Any], name: str, user: CustomUser | None = None) -> Record:
        """Keep the file. What it holds is not looked at yet."""
        record = self.model(file_name=PurePath(name).name[-200:], uploaded_by=user)
        with transaction.atomic():
            record.file.save(self.stored_name, File(file), save=False)
            record.save()
        return record

    @transaction.atomic
    def check(self, *, record: Record, user: CustomUser | None = None) -> Job:
        """Ask for a dry run. Asked twice, done once."""
        record.check_job = self._ask(record, user, dry_run=True)
        record.save(update_fields=["check_job"])
        return record.check_job

    @transaction.atomic
    def begin(self, *, record: Record, user: CustomUser | None = None) -> Job:
        """Ask for the import. Asked twice, done once."""
        record.import_job = self._ask(record, user, dry_run=False)
        record.save(update_fields=["import_job"])
        return record.import_job

    @transaction.atomic
    def begin_checked(self, *, record: Record, user: CustomUser | None = None) -> Job:
        """Ask for the import of a file that was looked at before. Raises WrongImportStateError."""
        found = self.report.from_json(record.check_report) if record.check_report else None
        if found is None or not found.finished or not found.taken:
            raise WrongImportStateError(_("There is nothing to import: see what the check says."))
        return self.begin(record=record, user=user)

    def _ask(self, record: Record, user: CustomUser | None, *, dry_run: bool) -> Job:
        key = f"{record.pk}-{'check' if dry_run else 'import'}"
        return jobs.enqueue(self.run_kind, key=key, owner=user, import_id=record.pk, dry_run=dry_run)

    @contextmanager
    def reporting(self, *, import_id: int, dry_run: bool) -> Iterator[tuple[Record, Result]]:
        """A report that is stored however the run within ends: what it has done by then is always said.

        A FileRefusedError within becomes the report's refusal. Raises ImportGoneError.
        """
        record = self.model._default_manager.filter(pk=import_id).first()  # noqa: SLF001  # public
        if record is None:
            raise ImportGoneError(_("The import has been deleted."))
        result = self.report()
        try:
            yield record, result
        except FileRefusedError as error:
            result.refusal = str(error)
        finally:
            stored = {"check_report" if dry_run else "import_report": result.as_json()}
            self.model._default_manager.filter(pk=import_id).update(**stored)  # noqa: SLF001

    def fetch_jobs(self, record: Record) -> QuerySet[Job]:
        return Job.objects.filter(kind=self.fetch_kind, key__startswith=f"{record.pk}-").order_by("pk")

    def fetched(self, record: Record) -> Fetched:
        """One query."""
        found = Fetched()
        for state, result in self.fetch_jobs(record).values_list("state", "result").iterator():
            found.jobs += 1
            found.done += state not in Job.UNFINISHED
            if result:
                found.fetched += result["fetched"]
                found.missing += len(result["problems"])
                found.problems += [Problem(**problem) for problem in result["problems"]]
        found.problems.sort(key=lambda problem: problem.line)
        del found.problems[MOST_PROBLEMS:]
        return found

    def stop(self, record: Record) -> int:
        """Cancel what is not done yet: at once where it waits, at its next checkpoint where it runs. How many jobs."""
        own = [pk for pk in (record.check_job_id, record.import_job_id) if pk]
        unfinished = Job.objects.filter(state__in=Job.UNFINISHED)
        wanted = [*unfinished.filter(pk__in=own), *self.fetch_jobs(record).filter(state__in=Job.UNFINISHED)]
        return sum(_cancelled(job) for job in wanted)


def _cancelled(job: Job) -> bool:
    try:
        jobs.cancel(job=job)
    except jobs.WrongState:  # it has just ended
        return False
    return True


@contextmanager
def opened(record: FileImport) -> Iterator[Any]:
    """The file, to be read as bytes. Raises FileRefusedError where it is gone."""
    try:
        file = record.file.storage.open(record.file.name or "", "rb")
    except FileNotFoundError:
        raise FileRefusedError(_("The file has been deleted. Upload it again.")) from None
    with file:
        yield file.file


def reported(job: jobs.RunningJob) -> Progress:
    """The job's progress, told also to a command of this process that shows it."""

    def progress(current: int, total: int, message: str) -> None:
        job.progress(current, total, message)
        progressed.send(sender=None, current=current, total=total, message=message)

    return progress
