"""A command that imports a file by the same durable job that the admin's upload asks for."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from core.models import FileImport
from core.services import file_imports
from core.services.file_imports import Importer, Problem, Report
from core.site_address import absolute
from tasks.models import Job
from tasks.services import jobs

SECONDS_BETWEEN_LINES = 2.0
SECONDS_BETWEEN_LOOKS = 0.5
INTERRUPTED = 130


class ImportCommand(BaseCommand):
    """A subclass names the importer and says how its report reads."""

    importer: ClassVar[Importer[Any, Any]]
    file_help: ClassVar[str]
    files_word: ClassVar[str] = "files"  # what is fetched
    left_out_word: ClassVar[str]

    def too_large(self, size: int) -> str:
        """Why a file of so many bytes is not read, or nothing."""
        raise NotImplementedError

    def to_fetch(self, result: Any) -> bool:
        raise NotImplementedError

    def summary(self, result: Any, *, dry_run: bool) -> Iterable[str]:
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help=self.file_help)
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--no-wait", action="store_true", help=f"leave fetching the {self.files_word} to the workers"
        )

    def handle(self, *args: Any, file: str, dry_run: bool, no_wait: bool, **options: Any) -> None:
        self._said = time.monotonic()
        # What the job says of itself is for the log of a worker; this prints a report.
        logging.getLogger("tasks.services.running").setLevel(logging.WARNING)
        record = self._upload(Path(file))
        job = self.importer.check(record=record) if dry_run else self.importer.begin(record=record)
        try:
            self._do(job)
            result = self._result(record, job, dry_run=dry_run)
            if self.to_fetch(result) and not dry_run:
                self._fetch(record, wait=not no_wait)
        except KeyboardInterrupt:
            self._stop(record)
        if result.errors:
            raise CommandError(self.left_out_word)

    def _upload(self, path: Path) -> FileImport:
        try:
            with path.open("rb") as opened:
                if refusal := self.too_large(path.stat().st_size):
                    raise CommandError(refusal)
                record: FileImport = self.importer.upload(file=opened, name=path.name)
                return record
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _do(self, job: Job) -> None:
        """Here and now, unless a worker was faster: then watch it."""
        file_imports.progressed.connect(self._show)
        try:
            if not jobs.run(job_id=job.pk):
                self._watch(job)
        finally:
            file_imports.progressed.disconnect(self._show)
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

    def _result(self, record: FileImport, job: Job, *, dry_run: bool) -> Report:
        record.refresh_from_db()
        stored = record.check_report if dry_run else record.import_report
        result: Report = self.importer.report.from_json(stored or {})
        if result.refusal:
            raise CommandError(f"Nothing was changed. {result.refusal}")
        self._list(result.problems)
        if result.left_out:
            self._say(f"… and {result.left_out} more.")
        for line in self.summary(result, dry_run=dry_run):
            self._say(line)
        if dry_run:
            self._say("Nothing was changed. Without --dry-run it is.")
        return result

    def _list(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            whose = f"{problem.handle}: " if problem.handle else ""
            self._say(f"Line {problem.line}, {problem.level}: {whose}{problem.message}")

    def _fetch(self, record: FileImport, *, wait: bool) -> None:
        if not wait:
            meta = record._meta  # noqa: SLF001  # public
            page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
            self._say(f"The workers fetch the {self.files_word}. How it goes: {absolute(page)}")
            return
        for number, job in enumerate(all_jobs := list(self.importer.fetch_jobs(record))):
            self._show(number, len(all_jobs), f"Fetching {self.files_word}, jobs")
            jobs.run(job_id=job.pk)
        for job in all_jobs:  # those that a worker took
            job.refresh_from_db()
            self._watch(job)
        found = self.importer.fetched(record)
        self._list(found.problems)
        self._say(f"Fetched {found.fetched} {self.files_word}; {found.missing} could not be had.")

    def _stop(self, record: FileImport) -> None:
        """The job would otherwise be taken over by a worker, a minute later."""
        record.refresh_from_db()
        self.importer.stop(record)
        raise CommandError(
            "Stopped. What was imported so far stays; import the file again to go on.", returncode=INTERRUPTED
        )
