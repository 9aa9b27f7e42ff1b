"""Product files for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

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


@contextmanager
def serving(files: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """A server that answers each path with these bytes, status number or redirect; the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer = files.get(self.path, 404)
            if isinstance(answer, str):
                self.send_response(302)
                self.send_header("Location", answer)
                answer = b""
            else:
                self.send_response(answer if isinstance(answer, int) else 200)
                answer = b"" if isinstance(answer, int) else answer
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
