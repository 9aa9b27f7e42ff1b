"""Products from Shopify's CSV file, by the same durable job that the admin's upload asks for."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from core.site_address import absolute
from ecommerce.models import ProductImport
from ecommerce.services.product_import import outcome, reading, report, runs
from ecommerce.services.product_import.report import Problem, Report
from tasks.models import Job
from tasks.services import jobs

SECONDS_BETWEEN_LINES = 2.0
SECONDS_BETWEEN_LOOKS = 0.5
INTERRUPTED = 130


class Command(BaseCommand):
    help = (
        "Import products from a file that Shopify has exported. A product that the shop has already is brought up to "
        "date, so the same file can be imported again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the CSV file")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--no-wait", action="store_true", help="leave fetching the pictures to the workers")

    def handle(self, *args: Any, file: str, dry_run: bool, no_wait: bool, **options: Any) -> None:
        self._said = time.monotonic()
        # What the job says of itself is for the log of a worker; this prints a report.
        logging.getLogger("tasks.services.running").setLevel(logging.WARNING)
        record = self._upload(Path(file))
        job = runs.check(record=record) if dry_run else runs.begin(record=record)
        try:
            self._do(job)
            result = self._result(record, job, dry_run=dry_run)
            if result.pictures and not dry_run:
                self._pictures(record, wait=not no_wait)
        except KeyboardInterrupt:
            self._stop(record)
        if result.errors:
            raise CommandError("Some products were left out. Correct the lines above and import the file again.")

    def _upload(self, path: Path) -> ProductImport:
        try:
            with path.open("rb") as opened:
                if path.stat().st_size > settings.PRODUCT_IMPORT_MAX_MEGABYTES * 1_000_000:
                    raise CommandError(f"{reading.too_large()} Or set PRODUCT_IMPORT_MAX_MEGABYTES.")
                return runs.upload(file=opened, name=path.name)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _do(self, job: Job) -> None:
        """Here and now, unless a worker was faster: then watch it."""
        runs.progressed.connect(self._show)
        try:
            if not jobs.run(job_id=job.pk):
                self._watch(job)
        finally:
            runs.progressed.disconnect(self._show)
        job.refresh_from_db()
        if job.state != Job.State.DONE:
            address = absolute(reverse("admin:tasks_job_change", args=[job.pk]))
            raise CommandError(f"The import stopped half-way: {job.get_state_display()}. See {address}")

    def _watch(self, job: Job) -> None:
        while not job.is_finished:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            job.refresh_from_db()
            self._show(job.progress_current, job.progress_total, job.progress_message)

    def _show(self, current: int, total: int, message: str, **kwargs: Any) -> None:
        now = time.monotonic()
        if now - self._said >= SECONDS_BETWEEN_LINES and message:
            self._said = now
            self._say(f"{message}: {current}/{total}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _result(self, record: ProductImport, job: Job, *, dry_run: bool) -> Report:
        record.refresh_from_db()
        stored = record.check_report if dry_run else record.import_report
        result = report.from_json(stored or {})
        if result.refusal:
            raise CommandError(f"Nothing was changed. {result.refusal}")
        self._list(result.problems)
        if result.left_out:
            self._say(f"… and {result.left_out} more.")
        for line in _summary(result, dry_run=dry_run):
            self._say(line)
        return result

    def _list(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            whose = f"{problem.handle}: " if problem.handle else ""
            self._say(f"Line {problem.line}, {problem.level}: {whose}{problem.message}")

    def _pictures(self, record: ProductImport, *, wait: bool) -> None:
        if not wait:
            address = absolute(reverse("admin:ecommerce_productimport_change", args=[record.pk]))
            self._say(f"The workers fetch the pictures. How it goes: {address}")
            return
        for number, job in enumerate(all_jobs := list(outcome.picture_jobs(record))):
            self._show(number, len(all_jobs), "Fetching pictures, products")
            jobs.run(job_id=job.pk)
        for job in all_jobs:  # those that a worker took
            job.refresh_from_db()
            self._watch(job)
        found = outcome.pictures(record)
        self._list(found.problems)
        self._say(f"Fetched {found.fetched} pictures; {found.missing} could not be had.")

    def _stop(self, record: ProductImport) -> None:
        """The job would otherwise be taken over by a worker, a minute later."""
        unfinished = Job.objects.filter(state__in=Job.UNFINISHED)
        own = unfinished.filter(pk__in=[record.check_job_id, record.import_job_id])
        for job in [*own, *outcome.picture_jobs(record).filter(state__in=Job.UNFINISHED)]:
            jobs.cancel(job=job)
        raise CommandError(
            "Stopped. What was imported so far stays; import the file again to go on.", returncode=INTERRUPTED
        )


def _summary(result: Report, *, dry_run: bool) -> Iterable[str]:
    would = "Would create" if dry_run else "Created"
    update = "update" if dry_run else "updated"
    skip = "leave out" if dry_run else "left out"
    yield (
        f"{would} {result.created} products, {update} {result.updated}, {skip} {result.skipped}; "
        f"{result.variants} variants, {result.pictures} pictures to fetch."
    )
    if result.new_categories:
        yield f"New categories: {', '.join(result.new_categories)}."
    if result.unused_columns:
        yield f"Columns that this shop has no place for: {', '.join(result.unused_columns)}."
    if dry_run:
        yield "Nothing was changed. Without --dry-run it is."
