"""Posts and pages from WordPress's export."""

from __future__ import annotations

from collections.abc import Iterable

from core.admin.wordpress import left_behind
from core.management.file_import import ImportCommand
from core.services.wordpress_import import reading, runs
from core.services.wordpress_import.report import Report


class Command(ImportCommand):
    help = (
        "Import posts and pages from the XML file that WordPress exports. What was imported before is brought up to "
        "date, unless it was edited here since, so the same file can be imported again."
    )
    importer = runs.IMPORTER
    file_help = "the XML file"
    left_out_word = "Some posts or pages were left out. See the lines above."

    def too_large(self, size: int) -> str:
        return reading.too_large() if size > reading.LARGEST_MEGABYTES * 1_000_000 else ""

    def to_fetch(self, result: Report) -> bool:
        return bool(result.files)

    def summary(self, result: Report, *, dry_run: bool) -> Iterable[str]:
        would = "Would create" if dry_run else "Created"
        update = "update" if dry_run else "updated"
        skip = "leave out" if dry_run else "left out"
        yield f"{would} {result.created}, {update} {result.updated}, {skip} {result.skipped}; {_parts(result)}."
        if result.kept:
            yield f"Edited here since the last import, so left as they are: {result.kept}."
        if result.new_tags:
            yield f"New tags: {', '.join(result.new_tags)}."
        if result.new_authors:
            yield f"New authors, who cannot log in: {', '.join(result.new_authors)}."
        if left := left_behind(result):
            yield f"Not imported: {left}."


def _parts(result: Report) -> str:
    return f"{result.posts} posts, {result.pages} pages, {result.drafts} of them drafts, {result.files} files to fetch"
