"""An import from its upload to its report. Each run of it, the check and then the import, is a durable job."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.models import WordPressImport
from core.models.wordpress import key_of
from core.services import file_imports, tags
from core.services.file_imports import Importer, Problem, Progress
from tasks.services import jobs

from . import applying, links, parsing, reading
from .authors import Authors
from .files import Wanted
from .parsing import Content
from .reading import Item, Overview
from .report import Report

FILES_PER_JOB = 20
_LEFT_OUT = {"trash", "auto-draft", "inherit"}

IMPORTER = Importer(
    model=WordPressImport,
    report=Report,
    run_kind="core.import_wordpress",
    fetch_kind=applying.FETCH,
    stored_name="wordpress.xml",
    survey=reading.survey,
)


def perform(*, import_id: int, dry_run: bool, progress: Progress) -> Report:
    """Read the file and bring posts and pages to what it says, or only say what would happen.

    One transaction for each of them. What was done is reported also where the run is stopped half-way; run again, it
    updates what it made. Raises ImportGoneError.
    """
    with IMPORTER.reporting(import_id=import_id, dry_run=dry_run) as (record, result):
        _perform(record, result, dry_run=dry_run, progress=progress)
    return result


def _perform(record: WordPressImport, result: Report, *, dry_run: bool, progress: Progress) -> None:
    with file_imports.opened(record) as file:
        overview = reading.survey(file)
        result.items = overview.items
        run = _Run(record, result, overview, dry_run=dry_run, progress=progress)
        for number, item in enumerate(reading.items(file), start=1):
            progress(number, overview.items, _("Checking") if dry_run else _("Importing"))
            run.take(item)
        run.end()
    result.finished = True


class _Run:
    def __init__(
        self, record: WordPressImport, result: Report, overview: Overview, *, dry_run: bool, progress: Progress
    ) -> None:
        self.record = record
        self.result = result
        self.overview = overview
        self.dry_run = dry_run
        self.progress = progress
        self.authors = Authors(overview, result, dry_run=dry_run)
        self.first_lines: dict[str, int] = {}  # of what was taken already, by its key
        self.seen_tags: set[str] = set()
        self.asked: set[str] = set()  # the keys of files that jobs fetch
        self.to_relink: list[int] = []
        self.attachments: list[Wanted] = []

    def take(self, item: Item) -> None:
        self.result.comments += item.comments
        if item.kind == "attachment":
            self._take_attachment(item)
        elif item.kind not in ("post", "page"):
            self.result.count_other(item.kind)
        elif item["wp:status"] in _LEFT_OUT:
            self.result.in_the_bin += 1
        else:
            self._take_content(parsing.content(item, self.overview))

    def end(self) -> None:
        self._ask_for_attachments()
        for number, item_id in enumerate(self.to_relink, start=1):
            self.progress(number, len(self.to_relink), _("Leading links to their new places"))
            applying.relink(item_id)

    def _take_content(self, content: Content) -> None:
        self._refuse_second(content)
        outcome = None if content.has_errors else self._write(content)
        if outcome is None or content.has_errors:
            self.result.skipped += 1
        else:
            self._count(content, outcome)
        for problem in content.problems:
            self.result.add(problem)

    def _refuse_second(self, content: Content) -> None:
        """Two with the same guid: the first keeps it, the second is known by its number."""
        if content.key in self.first_lines:
            line, content.key = self.first_lines[content.key], parsing.second_key(content)
            if not content.key or content.key in self.first_lines:
                content.error(_("It stands in the file twice: the first time in line %(line)s.") % {"line": line})
        if content.key:
            self.first_lines.setdefault(content.key, content.line)

    def _write(self, content: Content) -> applying.Outcome:
        author_id = self.authors.find_or_make(content.author) if content.kind == "post" else None
        self._note_tags(content)
        if self.dry_run:
            return applying.look(content)
        return applying.apply(content, author_id=author_id, import_id=self.record.pk)

    def _note_tags(self, content: Content) -> None:
        unseen = [name for name in content.tags if name.casefold() not in self.seen_tags]
        self.seen_tags |= {name.casefold() for name in unseen}
        self.result.note_tags([name for name in unseen if tags.find(name) is None])

    def _count(self, content: Content, outcome: applying.Outcome) -> None:
        result = self.result
        if outcome.is_kept:
            result.kept += 1
            return
        result.created += outcome.is_new
        result.updated += not outcome.is_new
        result.posts += content.kind == "post"
        result.pages += content.kind == "page"
        result.drafts += not content.is_published
        result.files += outcome.missing_files
        self.asked |= {key_of(url) for url in [*content.files, content.cover_url]}
        if outcome.has_old_links and outcome.item is not None:
            self.to_relink.append(outcome.item.pk)

    def _take_attachment(self, item: Item) -> None:
        url = item["wp:attachment_url"] or item["guid"]
        title = item["title"][:80]
        if url.startswith(("https://", "http://")):
            self.attachments.append(Wanted(line=item.line, url=url, title=title))
        else:
            self.result.skipped += 1
            self.result.add(Problem(item.line, "error", _("The attachment has no address."), title))

    def _ask_for_attachments(self) -> None:
        """Those that no text shows too: whoever goes on writing here will want them."""
        wanted = [one for one in self.attachments if key_of(one["url"]) not in self.asked]
        for start in range(0, len(wanted), FILES_PER_JOB):
            batch = wanted[start : start + FILES_PER_JOB]
            known = links.known_files(one["url"] for one in batch)
            missing = [one for one in batch if one["url"] not in known]
            self.result.files += len(missing)
            if missing and not self.dry_run:
                key = f"{self.record.pk}-files-{start}"
                jobs.enqueue(applying.FETCH, key=key, item_id=None, title="", files=missing, cover=None)
