"""An item of the file as a post or a page of ours, with all that is wrong with it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import unquote, urlsplit

from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.models.wordpress import key_of
from core.richtext import plain_text
from core.services.file_imports import Level, Problem

from . import links, markup, shortcodes
from .reading import Item, Overview, Term, host_of

LONGEST_TITLE = 255
LONGEST_SUMMARY = 300
LONGEST_TAG = 50
LONGEST_SLUG = 100
LONGEST_BEGINNING = 5_000  # of what a summary is made
_HALF_TAG = re.compile(r"<[^<>]*$")
_FIGURE = re.compile(r"<figure\b.*?</figure>", re.DOTALL)
_INLINE = re.compile(r"</?(?:a|b|i|em|strong|s|code|span|sup|sub|u)(?:\s[^<>]*)?>")
_DOTS = re.compile(r"\s*(?:…|\[…\]|\[\.\.\.\])$")
_MORE_LINK = re.compile(r"<a\b[^>]*\bmore-link\b[^>]*>.*?</a>", re.DOTALL)
_TAXONOMIES = {"", "category", "post_tag"}
_WITHOUT_MEANING = {"uncategorized", "uncategorised"}


@dataclass
class Content:
    """A post or page to be."""

    line: int
    kind: Literal["post", "page"]
    key: str = ""
    site: str = ""
    wp_id: int | None = None
    address: str = ""
    title: str = ""
    slug: str = ""
    summary: str = ""
    body: str = ""
    author: str = ""
    tags: list[str] = field(default_factory=list)
    is_published: bool = False
    date: datetime | None = None
    position: int = 0
    cover_url: str = ""
    cover_alt: str = ""
    pictures: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return any(problem.level == "error" for problem in self.problems)

    @property
    def files(self) -> list[str]:
        return list(dict.fromkeys([*self.pictures, *self.documents]))

    def error(self, message: str) -> None:
        self._say("error", message)

    def warn(self, message: str) -> None:
        self._say("warning", message)

    def _say(self, level: Level, message: str) -> None:
        self.problems.append(Problem(self.line, level, message, self.title[:80]))


def content(item: Item, overview: Overview) -> Content:
    kind: Literal["post", "page"] = "page" if item.kind == "page" else "post"
    address = item["link"] or item["guid"]
    wp_id = item.wp_id if item.wp_id is not None else links.number_in(address)
    found = Content(item.line, kind, site=overview.host, wp_id=wp_id, address=address)
    found.title = _title(item, found)
    found.key = _key(item, found)
    found.author = item["dc:creator"]
    found.tags = _tags(item.terms, found)
    found.position = _position(item["wp:menu_order"])
    _set_publication(item, found)
    _set_text(item, overview, found)
    found.slug = _slug(item, found)
    _set_cover(item, overview, found)
    return found


def _title(item: Item, found: Content) -> str:
    title = " ".join(html.unescape(strip_tags(item["title"])).split())
    if not title:
        return _("Untitled")
    if len(title) > LONGEST_TITLE:
        found.title = title
        found.warn(_("The title is longer than %(limit)s letters and was shortened.") % {"limit": LONGEST_TITLE})
    return title[:LONGEST_TITLE]


def _key(item: Item, found: Content) -> str:
    """By its guid, which stays when a site moves; then by its number there; then by its address."""
    if guid := item["guid"]:
        return key_of(f"guid {guid}")
    if found.wp_id is not None:
        return key_of(f"id {found.site} {found.wp_id}")
    if found.address:
        return key_of(f"address {found.address}")
    found.error(_("It has neither guid nor number nor address, so a second import could not find it again."))
    return ""


def second_key(found: Content) -> str:
    """For one of two things of the same guid, as plugins for copying make them. Empty: nothing tells them apart."""
    return key_of(f"id {found.site} {found.wp_id}") if found.wp_id is not None else ""


def _tags(terms: Iterable[Term], found: Content) -> list[str]:
    names: dict[str, str] = {}
    for term in terms:
        name = " ".join(html.unescape(term.name).split())
        if term.domain in _TAXONOMIES and name and not _is_without_meaning(term, name):
            if len(name) > LONGEST_TAG:
                found.warn(_("The tag “%(name)s” is too long and was shortened.") % {"name": name})
                name = name[:LONGEST_TAG].strip()
            names.setdefault(name.casefold(), name)
    return list(names.values())


def _is_without_meaning(term: Term, name: str) -> bool:
    return term.nicename in _WITHOUT_MEANING or name.casefold() in _WITHOUT_MEANING


def _position(written: str) -> int:
    return min(int(written), 32_767) if written.isascii() and written.isdigit() and len(written) < 9 else 0


# --- Who may see it, and from when ---


def _set_publication(item: Item, found: Content) -> None:
    status = item["wp:status"]
    found.date = _date(item, found)
    match status:
        case "publish" | "future":
            found.is_published = True
            if found.date is None:
                found.warn(_("It has no date that can be read, so it gets that of this import."))
        case "draft" | "pending":
            found.date = None
        case "private":
            found.warn(_("It was private, so it is a draft here."))
        case _:
            found.warn(_("Its status “%(status)s” is not known, so it is a draft here.") % {"status": status[:40]})
    if item["wp:post_password"] and found.is_published:
        found.is_published = False
        found.warn(_("It was protected by a password, so it is a draft here."))


def _date(item: Item, found: Content) -> datetime | None:
    """In UTC if the file says it, else as the clock of the site showed it, which the file does not explain."""
    written = item["wp:post_date_gmt"], item["wp:post_date"]
    for text in (written[0], item["pubDate"], written[1]):
        if (date := _read_date(text)) is not None:
            return date
    for text in written:
        if text and not text.startswith("0000-00-00"):
            found.warn(_("“%(text)s” is not a date.") % {"text": text[:40]})
            break
    return None


def _read_date(text: str) -> datetime | None:
    if "-0001" in text:  # what WordPress makes of no date at all
        return None
    try:
        date = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    aware = date.replace(tzinfo=UTC) if date.tzinfo is None else date
    return aware.astimezone(UTC) if 1970 <= date.year < 9999 else None


# --- What it says ---


def _set_text(item: Item, overview: Overview, found: Content) -> None:
    raw = item.values.get("content:encoded", "")
    if item.cut:
        found.error(_("“%(field)s” is longer than two million letters.") % {"field": item.cut})
        return
    text, before_more = _without_comments(raw)
    expanded = shortcodes.expand(text, lambda ids: _gallery(ids, item, overview))
    marked = markup.convert(expanded.text, base=overview.site)
    found.body = marked.html
    found.pictures = list(dict.fromkeys(marked.pictures))
    found.documents = [url for url in dict.fromkeys(marked.documents) if _is_of_site(url, overview)]
    if expanded.removed:
        names = ", ".join(f"[{name}]" for name in expanded.removed)
        found.warn(_("What plugins made of %(names)s is lost; the words between were kept.") % {"names": names[:200]})
    if marked.forms:
        found.warn(_("A form was left out."))
    found.summary = _summary(item, before_more, found.body)


def _without_comments(text: str) -> tuple[str, str]:
    """Also what stands before the mark that WordPress's lists end a text at, if there is one."""
    pieces, before_more, position = list[str](), "", 0
    while (begins := text.find("<!--", position)) >= 0:
        pieces.append(text[position:begins])
        ends = text.find("-->", begins)
        if ends < 0:
            return "".join(pieces) + text[begins:].replace("<!--", ""), before_more
        if not before_more and text[begins + 4 : ends].strip().startswith("more"):
            before_more = "".join(pieces)
        position = ends + 3
    return "".join([*pieces, text[position:]]), before_more


def _gallery(ids: list[str], item: Item, overview: Overview) -> str:
    numbers = ids or overview.pictures_of.get(item["wp:post_id"], [])
    shown = [overview.attachments[number] for number in numbers if number in overview.attachments]
    return "".join(
        f'<p><img src="{html.escape(one.url)}" alt="{html.escape(one.alt)}"></p>'
        for one in shown
        if markup.ending(one.url) in markup.PICTURES
    )


def _is_of_site(url: str, overview: Overview) -> bool:
    return host_of(url) == overview.host or "/wp-content/uploads/" in url


def _summary(item: Item, before_more: str, body: str) -> str:
    """The excerpt, or else how it begins."""
    for written in (item["excerpt:encoded"], item["description"], before_more, body):
        text, _before = _without_comments(written[:LONGEST_BEGINNING])
        words = plain_text(_INLINE.sub("", _FIGURE.sub(" ", _MORE_LINK.sub("", _HALF_TAG.sub("", text)))))
        if words := _DOTS.sub("", shortcodes.expand(words, lambda ids: "").text).strip():
            return _shortened(words)
    return _shortened(plain_text(item["title"]) or _("Untitled"))


def _shortened(words: str) -> str:
    if len(words) <= LONGEST_SUMMARY:
        return words
    return words[: LONGEST_SUMMARY - 1].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


def _slug(item: Item, found: Content) -> str:
    """As it was there, if our addresses can have it."""
    last = urlsplit(item["link"]).path.strip("/").rsplit("/", 1)[-1] if _is_url(item["link"]) else ""
    for written in (item["wp:post_name"], last, found.title):
        if slug := slugify(unquote(written))[:LONGEST_SLUG].strip("-"):
            return slug
    return f"{found.kind}-{found.wp_id or found.key[:8]}"


def _is_url(text: str) -> bool:
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return False


def _set_cover(item: Item, overview: Overview, found: Content) -> None:
    attachment = overview.attachments.get(item.meta.get("_thumbnail_id", ""))
    if attachment is not None and found.kind == "post" and markup.ending(attachment.url) in markup.PICTURES:
        found.cover_url, found.cover_alt = attachment.url, attachment.alt[:200]
