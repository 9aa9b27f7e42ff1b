"""From a file to rows with the numbers of their lines, one at a time: a large file is never in memory whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from core.services.file_imports import FileRefusedError
from ecommerce.services import spreadsheets

from .columns import Header, understand

LONGEST_CELL = 1_000_000
_BINARY = (b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")


@dataclass(frozen=True)
class Row:
    line: int
    values: dict[str, str]
    extra_cells: int = 0

    def __getitem__(self, field: str) -> str:
        return self.values.get(field, "")

    def has(self, field: str) -> bool:
        """Whether the file has the column at all, be it empty here."""
        return field in self.values


@dataclass(frozen=True)
class Overview:
    header: Header
    rows: int
    unused: list[str]  # columns with something in them that we have no place for


def survey(file: BinaryIO) -> Overview:
    """Read the file to its end, so that one that cannot be read changes nothing. Raises FileRefusedError."""
    _refuse_by_size(file)
    _refuse_binary(file)
    lines = _lines(file)
    header = _header(lines)
    number, used = 0, set[str]()
    for _line, cells in lines:
        number += 1
        used |= {name for name, column in header.unused.items() if column < len(cells) and cells[column].strip()}
    if not number:
        raise FileRefusedError(_("The file has no products: nothing stands below its first line."))
    return Overview(header, number, [name for name in header.unused if name in used and name])


def rows(file: BinaryIO) -> Iterator[Row]:
    """Every row below the first. The file has been surveyed."""
    lines = _lines(file)
    header = _header(lines)
    for line, cells in lines:
        padded = [*cells, *[""] * (header.width - len(cells))]
        values = {field: spreadsheets.unguarded(padded[column]) for field, column in header.fields.items()}
        yield Row(line, values, extra_cells=len([cell for cell in cells[header.width :] if cell.strip()]))


def _refuse_by_size(file: BinaryIO) -> None:
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise FileRefusedError(_("The file is empty."))
    if size > settings.PRODUCT_IMPORT_MAX_MEGABYTES * 1_000_000:
        raise FileRefusedError(too_large())


def too_large() -> str:
    return _("The file is larger than %(limit)s MB. Split it, keeping the rows of a product together.") % {
        "limit": settings.PRODUCT_IMPORT_MAX_MEGABYTES
    }


def _refuse_binary(file: BinaryIO) -> None:
    file.seek(0)
    start = file.read(4096)
    if start.startswith(_BINARY) or b"\x00" in start:
        raise FileRefusedError(
            _("This is not a CSV file but a spreadsheet or another kind. Save it as “CSV UTF-8” and use that.")
        )


def _header(lines: Iterator[tuple[int, list[str]]]) -> Header:
    try:
        _line, cells = next(lines)
    except StopIteration:
        raise FileRefusedError(_("The file is empty.")) from None
    return understand(cells)


def _lines(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of the line on which it begins."""
    csv.field_size_limit(LONGEST_CELL)
    file.seek(0)
    reader = csv.reader(_text(file), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefusedError(_said_of_line(begins, error)) from error
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _said_of_line(line: int, error: csv.Error) -> str:
    if "field larger" in str(error):
        return _("Line %(line)s: a cell is longer than a million letters. Is a quotation mark missing?") % {
            "line": line
        }
    return _(
        "Line %(line)s: the quotation marks do not match, so it cannot be told where a cell ends. "
        "A quotation mark within a cell is written twice."
    ) % {"line": line}


def _text(file: BinaryIO) -> Iterator[str]:
    """Line by line: an error then knows its line. The mark that some programs put before UTF-8 is dropped."""
    for number, line in enumerate(file, start=1):
        raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FileRefusedError(
                _("Line %(line)s is not UTF-8. Save the file as “CSV UTF-8” and try again.") % {"line": number}
            ) from error
        if "\x00" in text:
            raise FileRefusedError(_("Line %(line)s holds a character that no text has.") % {"line": number})
        yield text
