"""From WordPress's export to items, one at a time: a large file is never in memory whole.

The parser is expat, which fetches nothing. A document type is refused before it can declare entities that grow.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlsplit
from xml.parsers import expat

from django.utils.translation import gettext as _

from core.services.file_imports import FileRefusedError

LARGEST_MEGABYTES = 500
LONGEST_FIELD = 2_000_000  # letters
_PIECE = 65_536
# Characters that no XML may have and some databases of WordPress do.
_FORBIDDEN = bytes(number for number in range(32) if number not in (9, 10, 13))
_ITEM_FIELDS = frozenset(
    {
        "title", "link", "guid", "pubDate", "description", "dc:creator", "content:encoded", "excerpt:encoded",
        "wp:post_id", "wp:post_date", "wp:post_date_gmt", "wp:post_name", "wp:status", "wp:post_type",
        "wp:post_parent", "wp:post_password", "wp:attachment_url", "wp:menu_order",
    }
)  # fmt: skip
_META = frozenset({"_thumbnail_id", "_wp_attachment_image_alt"})
_CHANNEL_FIELDS = frozenset({"link", "wp:base_site_url", "wp:base_blog_url", "wp:wxr_version"})
_AUTHOR_FIELDS = frozenset(
    {"wp:author_login", "wp:author_email", "wp:author_display_name", "wp:author_first_name", "wp:author_last_name"}
)


@dataclass(frozen=True)
class Term:
    domain: str  # category, post_tag, or empty in old files
    nicename: str
    name: str


@dataclass
class Item:
    line: int
    values: dict[str, str] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0
    cut: str = ""  # a field that was longer than any of ours

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "").strip()

    @property
    def kind(self) -> str:
        return self["wp:post_type"] or "post"

    @property
    def wp_id(self) -> int | None:
        number = self["wp:post_id"]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None


@dataclass(frozen=True)
class Author:
    login: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True)
class Attachment:
    url: str
    alt: str
    parent: str


@dataclass
class Overview:
    """What must be known before the first item is taken."""

    items: int = 0
    site: str = ""  # its address
    authors: dict[str, Author] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)  # by their numbers there
    pictures_of: dict[str, list[str]] = field(default_factory=dict)  # the numbers of a post's own attachments

    @property
    def host(self) -> str:
        return host_of(self.site)


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def survey(file: BinaryIO) -> Overview:
    """Read the file to its end, so that one that cannot be read changes nothing. Raises FileRefusedError."""
    _refuse_by_size(file)
    _refuse_binary(file)
    overview, reader = Overview(), _Reader()
    for item in reader.items(file):
        overview.items += 1
        if item.kind == "attachment":
            _note(item, overview)
    if not reader.is_export:
        raise FileRefusedError(
            _("This is not an export of WordPress. In WordPress, choose Tools, Export, All content.")
        )
    if not overview.items:
        raise FileRefusedError(_("The export is empty: there is no post and no page in it."))
    channel = reader.channel
    overview.site = channel.get("wp:base_blog_url") or channel.get("link") or channel.get("wp:base_site_url") or ""
    overview.authors = {author.login: author for author in reader.authors}
    return overview


def items(file: BinaryIO) -> Iterator[Item]:
    """Every item. The file has been surveyed."""
    return _Reader().items(file)


def too_large() -> str:
    return _("The file is larger than %(limit)s MB. In WordPress, export the posts of one year at a time.") % {
        "limit": LARGEST_MEGABYTES
    }


def _refuse_by_size(file: BinaryIO) -> None:
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise FileRefusedError(_("The file is empty."))
    if size > LARGEST_MEGABYTES * 1_000_000:
        raise FileRefusedError(too_large())


def _refuse_binary(file: BinaryIO) -> None:
    file.seek(0)
    start = file.read(4)
    if start.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise FileRefusedError(_("The file is packed. Unpack it, and use the XML file that is in it."))


def _note(item: Item, overview: Overview) -> None:
    number, parent = item["wp:post_id"], item["wp:post_parent"]
    alt = item.meta.get("_wp_attachment_image_alt", "")
    overview.attachments[number] = Attachment(item["wp:attachment_url"] or item["guid"], alt, parent)
    if parent not in ("", "0"):
        overview.pictures_of.setdefault(parent, []).append(number)


class _Reader:
    """What expat calls. It keeps an item until the next piece of the file is read."""

    def __init__(self) -> None:
        self.channel: dict[str, str] = {}
        self.authors: list[Author] = []
        self.is_export = False
        self._done: list[Item] = []
        self._item: Item | None = None
        self._author: dict[str, str] | None = None
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._length = 0
        self._attributes: dict[str, str] = {}
        self._meta_key = ""
        self._lines_before = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def items(self, file: BinaryIO) -> Iterator[Item]:
        file.seek(0)
        first = True
        while piece := file.read(_PIECE):
            self._parse(self._first(piece) if first else piece.translate(None, _FORBIDDEN), last=False)
            first = False
            yield from self._done
            self._done = []
        self._parse(b"", last=True)
        yield from self._done

    def _first(self, piece: bytes) -> bytes:
        """Some plugins print blank lines before the file's first."""
        if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise FileRefusedError(_("The file is not UTF-8. Upload it as WordPress has exported it."))
        cleaned = piece.removeprefix(b"\xef\xbb\xbf").lstrip()
        self._lines_before = piece.count(b"\n") - cleaned.count(b"\n")
        return cleaned.translate(None, _FORBIDDEN)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise FileRefusedError(self._said_of(error)) from error

    def _said_of(self, error: expat.ExpatError) -> str:
        line = error.lineno + self._lines_before
        if error.code in _CUT_OFF:
            return _("The file ends in line %(line)s, too early: it was not exported or copied whole.") % {"line": line}
        return _("Line %(line)s: this is not XML as WordPress exports it (%(reason)s).") % {
            "line": line,
            "reason": expat.ErrorString(error.code),
        }

    def _doctype(self, *args: object) -> None:
        raise FileRefusedError(_("The file declares a document type, which no export of WordPress does."))

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._lines_before

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) == 3:
            if name == "item":
                self._item = Item(line=self._line)
            elif name == "wp:author":
                self._author = {}
        if self._is_wanted(name):
            self._text, self._length, self._attributes = [], 0, attributes

    def _is_wanted(self, name: str) -> bool:
        depth = len(self._path)
        if self._item is not None:
            if depth == 5:
                return self._path[3] == "wp:postmeta" and name in {"wp:meta_key", "wp:meta_value"}
            return depth == 4 and (name in _ITEM_FIELDS or name == "category")
        if self._author is not None:
            return depth == 4 and name in _AUTHOR_FIELDS
        return depth == 3 and name in _CHANNEL_FIELDS

    def _characters(self, text: str) -> None:
        if self._text is None:
            return
        self._length += len(text)
        if self._length <= LONGEST_FIELD:
            self._text.append(text)
        elif self._item is not None:
            self._item.cut = self._path[-1]

    def _end(self, name: str) -> None:
        if self._text is not None:
            self._keep(name, "".join(self._text))
            self._text = None
        if len(self._path) == 3:
            self._end_of_child(name)
        elif len(self._path) == 4 and name == "wp:comment" and self._item is not None:
            self._item.comments += 1
        self._path.pop()

    def _end_of_child(self, name: str) -> None:
        if name == "item" and self._item is not None:
            self.is_export = self.is_export or "wp:post_type" in self._item.values
            self._done.append(self._item)
            self._item = None
        elif name == "wp:author" and self._author is not None:
            self.authors.append(_author(self._author))
            self._author = None

    def _keep(self, name: str, text: str) -> None:
        if self._item is None:
            target = self.channel if self._author is None else self._author
            target[name] = text.strip()
            self.is_export = self.is_export or name == "wp:wxr_version"
        elif name == "category":
            domain, nicename = self._attributes.get("domain", ""), self._attributes.get("nicename", "")
            self._item.terms.append(Term(domain, nicename, text.strip()))
        elif name == "wp:meta_key":
            self._meta_key = text.strip()
        elif name == "wp:meta_value":
            if self._meta_key in _META:
                self._item.meta[self._meta_key] = text.strip()
        else:
            self._item.values[name] = text


_CUT_OFF = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
}


def _author(values: dict[str, str]) -> Author:
    first, last = values.get("wp:author_first_name", ""), values.get("wp:author_last_name", "")
    login, shown = values.get("wp:author_login", ""), values.get("wp:author_display_name", "")
    if shown and shown != f"{first} {last}".strip():
        first, last = split_name(shown)
    elif not (first or last):
        first, last = split_name(login)
    return Author(login, values.get("wp:author_email", ""), first, last)


def split_name(name: str) -> tuple[str, str]:
    first, _space, last = name.strip().rpartition(" ")
    return (first, last) if first else (last, "")
