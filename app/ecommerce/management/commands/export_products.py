"""Write the catalogue as a file that Shopify, and import_products, can read."""

from __future__ import annotations

import contextlib
import os
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from ecommerce.models import Product
from ecommerce.services import product_export

SECONDS_BETWEEN_LINES = 2.0


class Command(BaseCommand):
    help = "Write all products in Shopify's CSV format, to the file or, without one, to the screen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="where to write; it must not exist yet")
        parser.add_argument("--overwrite", action="store_true", help="write over a file that exists")

    def handle(self, *args: Any, file: str | None, overwrite: bool, **options: Any) -> None:
        if file is None:
            for piece in product_export.pieces():
                self.stdout.write(piece, ending="")
            return
        path = Path(file)
        if path.exists() and not overwrite:
            raise CommandError(f"{path} exists already. Choose another name, or add --overwrite.")
        try:
            with _written_whole(path) as target:
                number = self._write(target)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote {number} products to {path}.")

    def _write(self, target: TextIO) -> int:
        total, said = Product.objects.count(), time.monotonic()
        for number, piece in enumerate(product_export.pieces()):
            target.write(piece)
            if time.monotonic() - said >= SECONDS_BETWEEN_LINES:
                said = time.monotonic()
                self.stderr.write(f"Writing products {min(number * product_export.BATCH, total)}/{total}")
        return total


@contextlib.contextmanager
def _written_whole(path: Path) -> Iterator[TextIO]:
    """Beside it first: a run that is interrupted leaves no half of a file, and the earlier one as it was."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="") as target:
            yield target
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
