"""An import from its upload to its report. Each run of it, the check and then the import, is a durable job."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from core.services import file_imports
from core.services.file_imports import Importer, Progress
from ecommerce.models import ProductImport

from . import applying, parsing, planning, reading
from .applying import Shelves
from .parsing import ProductData
from .reading import Row
from .report import Report

IMPORTER = Importer(
    model=ProductImport,
    report=Report,
    run_kind="ecommerce.import_products",
    fetch_kind=applying.FETCH,
    stored_name="products.csv",
    survey=reading.survey,
)


def perform(*, import_id: int, dry_run: bool, progress: Progress) -> Report:
    """Read the file and bring the catalogue to what it says, or only say what would happen.

    One transaction for each product, so that a shop with visitors goes on working. What was done is reported also
    where the run is stopped half-way; run again, it updates what it made. Raises ImportGoneError.
    """
    with IMPORTER.reporting(import_id=import_id, dry_run=dry_run) as (record, result):
        _perform(record, result, dry_run=dry_run, progress=progress)
    return result


def _perform(record: ProductImport, result: Report, *, dry_run: bool, progress: Progress) -> None:
    with file_imports.opened(record) as file:
        overview = reading.survey(file)
        result.rows, result.unused_columns = overview.rows, overview.unused
        say = _("Checking") if dry_run else _("Importing")
        counted = _counted(reading.rows(file), lambda number: progress(number, overview.rows, say))
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
