"""An import from its upload to its report. Each run of it, the check and then the import, is a durable job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from ecommerce.models import ProductImport
from ecommerce.services.errors import ShopError
from tasks.models import Job
from tasks.services import jobs

from . import applying, parsing, planning, reading, report
from .applying import Shelves
from .columns import FileRefusedError
from .parsing import ProductData
from .reading import Row
from .report import Report

if TYPE_CHECKING:
    from users.models import CustomUser

RUN = "ecommerce.import_products"
Progress = Callable[[int, int, str], None]
# Sent with current, total and message while a run goes on in this process, for a command that shows it.
progressed = Signal()


class ImportGoneError(ShopError):
    """The import or its file has been deleted."""


class WrongImportStateError(ShopError):
    """It has been imported already, or its check found nothing that could be."""


@transaction.atomic
def upload(*, file: IO[Any], name: str, user: CustomUser | None = None) -> ProductImport:
    """Keep the file. What it holds is not looked at yet."""
    record = ProductImport(file_name=PurePath(name).name[-200:], uploaded_by=user)
    record.file.save("products.csv", File(file), save=False)
    record.save()
    return record


@transaction.atomic
def check(*, record: ProductImport, user: CustomUser | None = None) -> Job:
    """Ask for a dry run. Asked twice, done once."""
    record.check_job = jobs.enqueue(RUN, key=f"{record.pk}-check", owner=user, import_id=record.pk, dry_run=True)
    record.save(update_fields=["check_job"])
    return record.check_job


@transaction.atomic
def begin(*, record: ProductImport, user: CustomUser | None = None) -> Job:
    """Ask for the import. Asked twice, done once."""
    record.import_job = jobs.enqueue(RUN, key=f"{record.pk}-import", owner=user, import_id=record.pk, dry_run=False)
    record.save(update_fields=["import_job"])
    return record.import_job


@transaction.atomic
def begin_checked(*, record: ProductImport, user: CustomUser | None = None) -> Job:
    """Ask for the import of a file that was looked at before. Raises WrongImportStateError."""
    found = report.from_json(record.check_report) if record.check_report else None
    if found is None or not found.finished or not found.products:
        raise WrongImportStateError(_("There is nothing to import: see what the check says."))
    return begin(record=record, user=user)


def perform(*, import_id: int, dry_run: bool, progress: Progress) -> Report:
    """Read the file and bring the catalogue to what it says, or only say what would happen.

    One transaction for each product, so that a shop with visitors goes on working. What was done is reported also
    where the run is stopped half-way; run again, it updates what it made.
    """
    record = ProductImport.objects.filter(pk=import_id).first()
    if record is None:
        raise ImportGoneError(_("The import has been deleted."))
    result = Report()
    try:
        _perform(record, result, dry_run=dry_run, progress=progress)
    finally:
        field = "check_report" if dry_run else "import_report"
        ProductImport.objects.filter(pk=import_id).update(**{field: result.as_json()})
    return result


def _perform(record: ProductImport, result: Report, *, dry_run: bool, progress: Progress) -> None:
    try:
        file = record.file.storage.open(record.file.name or "", "rb")
    except FileNotFoundError:
        result.refusal = _("The file has been deleted. Upload it again.")
        return
    with file:
        raw: Any = file.file
        try:
            overview = reading.survey(raw)
        except FileRefusedError as error:
            result.refusal = str(error)
            return
        result.rows, result.unused_columns = overview.rows, overview.unused
        say = _("Checking") if dry_run else _("Importing")
        counted = _counted(reading.rows(raw), lambda number: progress(number, overview.rows, say))
        shelves = Shelves()
        for data in parsing.products(counted):
            _take(data, result, import_id=record.pk, shelves=shelves, dry_run=dry_run)
    result.finished = True


def _counted(rows: Iterator[Row], count: Callable[[int], None]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        count(number)
        yield row


def _take(data: ProductData, result: Report, *, import_id: int, shelves: Shelves, dry_run: bool) -> None:
    if not data.has_errors and not data.is_gift_card:
        _take_valid(data, result, import_id=import_id, shelves=shelves, dry_run=dry_run)
    if data.has_errors or data.is_gift_card:
        result.skipped += 1
    for problem in sorted(data.problems, key=lambda problem: problem.line):
        result.add(problem)


def _take_valid(data: ProductData, result: Report, *, import_id: int, shelves: Shelves, dry_run: bool) -> None:
    exists = planning.exists(data)
    missing = planning.missing_categories(data, is_new=not exists, tree=shelves.tree)
    plan = planning.make(data) if dry_run else applying.apply(data, import_id=import_id, shelves=shelves)
    if data.has_errors:
        return
    result.created += not exists
    result.updated += exists
    result.variants += len(plan.variants)
    result.pictures += len(plan.new_pictures)
    for path in missing:
        result.note_category(path)
