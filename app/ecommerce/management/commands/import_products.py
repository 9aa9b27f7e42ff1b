"""Products from Shopify's CSV file."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from core.management.file_import import ImportCommand
from ecommerce.services.product_import import reading, runs
from ecommerce.services.product_import.report import Report


class Command(ImportCommand):
    help = (
        "Import products from a file that Shopify has exported. A product that the shop has already is brought up to "
        "date, so the same file can be imported again."
    )
    importer = runs.IMPORTER
    file_help = "the CSV file"
    files_word = "pictures"
    left_out_word = "Some products were left out. Correct the lines above and import the file again."

    def too_large(self, size: int) -> str:
        if size <= settings.PRODUCT_IMPORT_MAX_MEGABYTES * 1_000_000:
            return ""
        return f"{reading.too_large()} Or set PRODUCT_IMPORT_MAX_MEGABYTES."

    def to_fetch(self, result: Report) -> bool:
        return bool(result.pictures)

    def summary(self, result: Report, *, dry_run: bool) -> Iterable[str]:
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
