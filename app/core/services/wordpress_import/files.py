"""What imported texts show and link to: fetched, made smaller, and stored. What cannot be had is reported."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypedDict
from urllib.parse import unquote, urlsplit

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.models import BlogPost, ImportedFile, WordPressItem
from core.models.wordpress import key_of, path_key
from core.services import fetching, picture_files
from core.services.fetching import FetchError

from . import applying, links

WIDEST = 1600  # a text is 42 rem wide; twice that for fine screens, and a little more
QUALITY = 80
ADDRESS_SHOWN = 200


class Wanted(TypedDict):
    line: int
    url: str
    title: str


class Outcome(TypedDict):
    fetched: int
    problems: list[dict[str, str | int]]


@dataclass(frozen=True)
class Stored:
    content: bytes
    extension: str
    width: int | None = None
    height: int | None = None


def fetch_all(
    *,
    item_id: int | None,
    title: str,
    files: list[Wanted],
    cover: Wanted | None,
    progress: Callable[[int, int], None],
) -> Outcome:
    """Safe to run again: what is there already is not fetched a second time."""
    outcome, missing = Outcome(fetched=0, problems=[]), list[str]()
    for number, wanted in enumerate(files):
        progress(number, len(files))
        try:
            outcome["fetched"] += _fetch(wanted)
        except FetchError as error:
            missing.append(wanted["url"])
            outcome["problems"].append(_problem(wanted, title, error))
    if item_id is not None:
        _show(item_id, [wanted["url"] for wanted in files], missing)
    if item_id is not None and cover is not None:
        try:
            outcome["fetched"] += _fetch_cover(item_id, cover)
        except FetchError as error:
            outcome["problems"].append(_problem(cover, title, error))
    return outcome


def _problem(wanted: Wanted, title: str, error: FetchError) -> dict[str, str | int]:
    reason = _("%(url)s was not taken over: %(reason)s.") % {"url": wanted["url"][:ADDRESS_SHOWN], "reason": error}
    return {"line": wanted["line"], "level": "warning", "message": reason, "handle": title or wanted["title"][:80]}


def _fetch(wanted: Wanted) -> bool:
    key = key_of(wanted["url"])
    if ImportedFile.objects.filter(source_key=key).exists():
        return False
    stored = prepared(fetching.fetch_with_second_try(wanted["url"]))
    path = urlsplit(wanted["url"]).path
    file = ImportedFile(
        source_url=wanted["url"],
        source_key=key,
        path_key=path_key(path),
        title=(wanted["title"] or PurePosixPath(unquote(path)).name)[:200],
        width=stored.width,
        height=stored.height,
    )
    return _store(file, ContentFile(stored.content, name=_name(path) + stored.extension))


def _store(row: ImportedFile, content: ContentFile[bytes]) -> bool:
    """Two posts can show the same picture, and their jobs run at once: the second file goes again."""
    row.file.save(content.name or "file", content, save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        row.file.storage.delete(row.file.name or "")
        return False
    return True


def prepared(content: bytes) -> Stored:
    """As it is shown. Raises FetchError for what is neither a picture nor a PDF."""
    if content.startswith(b"%PDF-"):
        return Stored(content, ".pdf")
    kind = picture_files.kind(content)
    with Image.open(io.BytesIO(content)) as image:
        if getattr(image, "is_animated", False):
            return Stored(content, picture_files.EXTENSIONS[kind], image.width, image.height)
        return _smaller(image)


def _smaller(image: Image.Image) -> Stored:
    """Also without what a camera has written into it, such as where it was."""
    upright = ImageOps.exif_transpose(image)
    shown = upright.convert("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB")
    shown.thumbnail((WIDEST, WIDEST * 4))
    with io.BytesIO() as buffer:
        shown.save(buffer, "WEBP", quality=QUALITY)
        return Stored(buffer.getvalue(), ".webp", shown.width, shown.height)


def _name(path: str) -> str:
    return slugify(PurePosixPath(unquote(path)).stem)[:60] or "file"


def _show(item_id: int, urls: list[str], missing: list[str]) -> None:
    with transaction.atomic():
        item = WordPressItem.objects.select_for_update().filter(pk=item_id).first()
        thing = item.thing if item is not None else None
        if item is None or thing is None:
            return
        body = links.to_files(str(thing.body), links.known_files(urls))
        body = links.without_pictures(body, missing)
        if body != thing.body:
            applying.write_body(item, thing, body)


def _fetch_cover(item_id: int, cover: Wanted) -> bool:
    content = fetching.fetch_with_second_try(cover["url"])
    name = _name(urlsplit(cover["url"]).path) + picture_files.extension(content)
    with transaction.atomic():
        item = WordPressItem.objects.select_for_update().filter(pk=item_id).first()
        post = item.post if item is not None else None
        if item is None or post is None or item.cover_url == cover["url"] or applying.is_edited(item):
            return False
        return _set_cover(item, post, cover, ContentFile(content, name=name))


def _set_cover(item: WordPressItem, post: BlogPost, cover: Wanted, file: ContentFile[bytes]) -> bool:
    post.cover = file
    post.cover_alt = cover["title"]
    post.save()
    item.cover_url = cover["url"]
    item.digest = applying.digest(post)
    item.save(update_fields=["cover_url", "digest"])
    return True
