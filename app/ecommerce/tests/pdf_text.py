"""What a program that copies text out of our PDFs reads."""

from __future__ import annotations

import re
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"\[?((?:\((?:\\.|[^\\)])*\)\s*-?[\d.]*\s*)+)\]?\s*T[jJ]", re.DOTALL)
PIECE = re.compile(rb"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
MAPPED = re.compile(rb"<([0-9A-F]{4})>\s*<([0-9A-F]{4,8})>", re.IGNORECASE)
FONT = re.compile(rb"/F(\d+) [\d.]+ Tf")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\(.)", lambda match: ESCAPES.get(match[1], match[1]), text, flags=re.DOTALL)


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for match in STREAM.finditer(pdf):
        try:
            # An object, since the last byte of a stream may be a carriage return, which the pattern takes for its end.
            found.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, read as a program that copies text reads it: through the fonts' own tables."""
    parts = streams(pdf)
    # The fonts' tables stand in the order of the fonts' numbers.
    tables = [dict(MAPPED.findall(part.upper())) for part in parts if b"beginbfchar" in part or b"beginbfrange" in part]
    pages = [part for part in parts if b" Tf" in part]
    return [page_text(page, tables) for page in pages]


def page_text(page: bytes, tables: list[dict[bytes, bytes]]) -> str:
    text, table = [], {}
    for line in re.split(rb"(?=/F\d+ [\d.]+ Tf)", page):
        font = FONT.match(line)
        table = tables[int(font[1]) - 1] if font else table
        for shown in SHOWN.finditer(line):
            raw = b"".join(unescaped(piece) for piece in PIECE.findall(shown[1]))
            codes = [raw[at : at + 2].hex().upper().encode() for at in range(0, len(raw), 2)]
            text.append("".join(bytes.fromhex(table[code].decode()).decode("utf-16-be") for code in codes))
    return "\n".join(text).replace(" \n", " ")  # a piece that ends with a space goes on
