"""Product files for tests."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from ecommerce.models import ProductImport
from ecommerce.services.product_import import runs
from ecommerce.services.product_import.report import Report

SHOPIFYS = Path(__file__).resolve().parents[4] / "shared" / "data" / "shopify-products.csv"
needs_shopifys = pytest.mark.skipif(
    not SHOPIFYS.exists(), reason="the sample of Shopify's export is not beside this repository"
)

SIMPLE = {"Handle": "oak-board", "Title": "Oak board", "Variant Price": "24.00", "Variant Inventory Qty": "3"}


def csv_text(*rows: dict[str, str]) -> str:
    """The columns are those that any of the rows has."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def simple(**changes: str) -> dict[str, str]:
    """A row of a product without options; ``Variant_Price="1"`` stands for the column “Variant Price”."""
    return SIMPLE | {name.replace("_", " "): value for name, value in changes.items()}


def uploaded(content: str | bytes) -> ProductImport:
    raw = content.encode() if isinstance(content, str) else content
    return runs.IMPORTER.upload(file=io.BytesIO(raw), name="products.csv")


def imported(content: str | bytes, *, dry_run: bool = False) -> Report:
    """What the import reports. Its pictures are left to their jobs."""
    record = uploaded(content)
    runs.perform(import_id=record.pk, dry_run=dry_run, progress=lambda *_: None)
    record.refresh_from_db()
    return Report.from_json(record.check_report if dry_run else record.import_report)


def messages(result: Report, level: str = "error") -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in result.problems if problem.level == level]
