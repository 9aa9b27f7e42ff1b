"""Old addresses, within texts and of visitors, lead to where things are now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape, unescape
from urllib.parse import parse_qs, urlsplit

from django.db.models import Q

from core.models import ImportedFile, WordPressItem
from core.models.wordpress import key_of, path_key

from .reading import host_of

_HREF = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")')
_IMAGE = re.compile(r'<img\b[^>]*?\bsrc="([^"]*)"[^>]*>')
_ALT = re.compile(r'\balt="([^"]*)"')


def to_things(body: str, *, site: str) -> str:
    """Links to posts and pages of the old site that are here by now lead to them. One query."""
    addresses = {url for url in hrefs(body) if host_of(url) == site and site}
    places = _places(addresses, site)
    return replace_hrefs(body, places.get) if places else body


def has_old_links(body: str, *, site: str) -> bool:
    return bool(site) and any(host_of(url) == site for url in hrefs(body))


def to_files(body: str, files: dict[str, ImportedFile]) -> str:
    """Pictures and links whose files are here by now show and lead to them."""
    if not files:
        return body

    def image(match: re.Match[str]) -> str:
        file = files.get(unescape(match[1]))
        return _image(file, match[0]) if file is not None and file.is_picture else match[0]

    def place(url: str) -> str | None:
        return files[url].file.url if url in files else None

    return replace_hrefs(_IMAGE.sub(image, body), place)


def without_pictures(body: str, missing: Iterable[str]) -> str:
    """Instead of a picture that could not be had stands a link to where it was."""
    gone = set(missing)

    def link(match: re.Match[str]) -> str:
        url = unescape(match[1])
        if url not in gone:
            return match[0]
        alt = _ALT.search(match[0])
        words = (alt[1] if alt else "") or escape(urlsplit(url).path.rsplit("/", 1)[-1] or url)
        return f'<a href="{match[1]}">{words}</a>'

    return _IMAGE.sub(link, body) if gone else body


def known_files(urls: Iterable[str]) -> dict[str, ImportedFile]:
    """By the address that they had. One query."""
    keys = {key_of(url): url for url in urls}
    if not keys:
        return {}
    return {keys[file.source_key]: file for file in ImportedFile.objects.filter(source_key__in=keys)}


def new_place(path: str) -> str | None:
    """Where what had this path on the old site is now, if visitors may see it. Two queries at most."""
    key = path_key(path)
    if not key:
        return None
    items = WordPressItem.objects.filter(path_key=key).select_related("post", "page").order_by("-pk")
    things = [item.thing for item in items]
    if found := next((thing for thing in things if thing is not None and thing.is_published), None):
        return found.get_absolute_url()
    file = ImportedFile.objects.filter(path_key=key).first()
    return file.file.url if file else None


def hrefs(body: str) -> list[str]:
    return [unescape(match[2]) for match in _HREF.finditer(body)]


def replace_hrefs(body: str, place: Callable[[str], str | None]) -> str:
    def link(match: re.Match[str]) -> str:
        url, _hash, mark = unescape(match[2]).partition("#")
        found = place(unescape(match[2])) or place(url)
        return f"{match[1]}{escape(found + (f'#{mark}' if mark else ''))}{match[3]}" if found else match[0]

    return _HREF.sub(link, body)


def _image(file: ImportedFile, tag: str) -> str:
    alt = _ALT.search(tag)
    words = alt[1] if alt else ""
    return f'<img src="{escape(file.file.url)}" alt="{words}" width="{file.width}" height="{file.height}">'


def _places(addresses: set[str], site: str) -> dict[str, str]:
    numbers = {url: number for url in addresses if (number := number_in(url)) is not None}
    paths = {url: path_key(urlsplit(url).path) for url in addresses - numbers.keys()}
    wanted = Q(wp_id__in=set(numbers.values())) | Q(path_key__in={key for key in paths.values() if key})
    items = WordPressItem.objects.filter(wanted, site=site).select_related("post", "page")
    by_number: dict[int | None, str] = {}
    by_path: dict[str, str] = {}
    for item in items if addresses else ():
        if (thing := item.thing) is not None:
            by_number[item.wp_id] = by_path[item.path_key] = thing.get_absolute_url()
    found = {url: by_number.get(number) for url, number in numbers.items()}
    found |= {url: by_path.get(key) for url, key in paths.items() if key}
    return {url: place for url, place in found.items() if place}


def number_in(url: str) -> int | None:
    """Of addresses such as /?p=36 and /?page_id=2."""
    try:
        values = parse_qs(urlsplit(url).query)
    except ValueError:
        return None
    written = (values.get("p") or values.get("page_id") or [""])[0]
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None
