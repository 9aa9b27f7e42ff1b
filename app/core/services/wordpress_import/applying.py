"""Write a post or a page: all of it or nothing, and not over what somebody has edited here since."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import BlogPost, Page, WordPressItem
from core.models.wordpress import key_of, path_key
from core.services import tags
from tasks.services import jobs

from . import links
from .parsing import LONGEST_SLUG, Content

FETCH = "core.fetch_wordpress_files"
Thing = BlogPost | Page


@dataclass(frozen=True)
class Outcome:
    item: WordPressItem | None
    is_new: bool
    is_kept: bool = False  # edited here since
    has_old_links: bool = False
    missing_files: int = 0


def look(content: Content) -> Outcome:
    """What ``apply`` would do."""
    item = _item(content)
    is_kept = item is not None and is_edited(item)
    files = 0 if is_kept else len(_missing(content)) + _wants_cover(content, item)
    if is_kept:
        _say_kept(content)
    else:
        _free_slug(_thing(item, content), content)
    return Outcome(item, item is None, is_kept, missing_files=files)


def apply(content: Content, *, author_id: int | None, import_id: int) -> Outcome:
    """Unless something is wrong with it: that is then among its problems, and nothing is changed."""
    try:
        return _apply(content, author_id=author_id, import_id=import_id)
    except DatabaseError:
        # Somebody else took the same address or tag in the same moment.
        content.error(_("It could not be saved, as somebody changed the same things just now. Import again."))
        return Outcome(None, is_new=True)


@transaction.atomic
def _apply(content: Content, *, author_id: int | None, import_id: int) -> Outcome:
    item = _item(content, lock=True)
    if item is not None and is_edited(item):
        _say_kept(content)
        return Outcome(item, is_new=False, is_kept=True)
    is_new = item is None
    item = item or WordPressItem(key=content.key)
    _fill_item(item, content)
    body = links.to_files(content.body, links.known_files(content.files))
    body = links.to_things(body, site=content.site)
    thing = _thing(item, content)
    _fill(thing, content, author_id=author_id, body=body)
    _save(thing, item, content)
    missing = _missing(content)
    wants_cover = _wants_cover(content, item)
    if missing or wants_cover:
        _ask_for_files(content, item, missing, import_id, cover=wants_cover)
    has_old_links = links.has_old_links(thing.body, site=content.site)
    return Outcome(item, is_new, has_old_links=has_old_links, missing_files=len(missing) + wants_cover)


def _thing(item: WordPressItem | None, content: Content) -> Thing:
    if item is not None and (known := item.thing) is not None:
        return known
    # A site can have hundreds of pages: staff choose which of them the footer names.
    return BlogPost() if content.kind == "post" else Page(in_footer=False)


def is_edited(item: WordPressItem) -> bool:
    thing = item.thing
    return thing is not None and item.digest != digest(thing)


def digest(thing: Thing) -> str:
    """Of all that the import writes. One query, for a post's tags."""
    shown: list[Any] = [thing.title, thing.slug, str(thing.body), thing.status]
    shown += [_moment(thing.activate_date), _moment(thing.deactivate_date)]
    if isinstance(thing, BlogPost):
        tagged = sorted(thing.tags.values_list("pk", flat=True))
        shown += [thing.summary, thing.author_id, tagged, thing.cover.name or "", thing.cover_alt]
    else:
        shown += [thing.description]
    return key_of(json.dumps(shown))


def _moment(date: Any) -> str:
    return date.replace(microsecond=0).isoformat() if date else ""


def relink(item_id: int) -> None:
    """Once all are here: links to those that came later in the file."""
    with transaction.atomic():
        item = WordPressItem.objects.select_for_update().filter(pk=item_id).first()
        thing = item.thing if item is not None else None
        if item is not None and thing is not None and not is_edited(item):
            body = links.to_things(str(thing.body), site=item.site)
            if body != thing.body:
                write_body(item, thing, body)


def write_body(item: WordPressItem, thing: Thing, body: str) -> None:
    """Without taking it for an edit, unless there was one before."""
    edited = is_edited(item)
    thing.body = body  # type: ignore[assignment]  # the field's type is not known
    thing.save(update_fields=["body", "modified"])
    if not edited:
        item.digest = digest(thing)
        item.save(update_fields=["digest"])


def _item(content: Content, *, lock: bool = False) -> WordPressItem | None:
    items = WordPressItem.objects.select_for_update() if lock else WordPressItem.objects
    return items.filter(key=content.key).first()


def _say_kept(content: Content) -> None:
    content.warn(_("It was edited here since the last import, and is left as it is."))


def _fill_item(item: WordPressItem, content: Content) -> None:
    item.site, item.wp_id, item.address = content.site, content.wp_id, content.address
    item.path_key = path_key(urlsplit(content.address).path)


def _fill(thing: Thing, content: Content, *, author_id: int | None, body: str) -> None:
    thing.title = content.title
    thing.slug = _free_slug(thing, content)
    thing.body = body  # type: ignore[assignment]  # the field's type is not known
    thing.status = thing.ACTIVE_STATUS if content.is_published else thing.INACTIVE_STATUS
    if content.date is not None:
        thing.activate_date = content.date
    elif content.is_published:
        thing.activate_date = thing.activate_date or timezone.now()
    if isinstance(thing, BlogPost):
        thing.summary, thing.author_id = content.summary, author_id or thing.author_id
    else:
        thing.description, thing.position = content.summary, content.position


def _free_slug(thing: Thing, content: Content) -> str:
    """As it was there; with a number where another one has it. One that was given before stays."""
    wanted = content.slug
    if thing.pk is not None and re.fullmatch(rf"{re.escape(wanted)}(-\d+)?", thing.slug):
        return str(thing.slug)
    others = type(thing)._default_manager.exclude(pk=thing.pk).filter(slug__startswith=wanted[: LONGEST_SLUG - 6])  # noqa: SLF001
    taken = set(others.values_list("slug", flat=True))
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted[: LONGEST_SLUG - 6]}-{number}"
    if slug != wanted:
        content.warn(_("Its address “%(wanted)s” is taken, so it is “%(slug)s”.") % {"wanted": wanted, "slug": slug})
    return slug


def _save(thing: Thing, item: WordPressItem, content: Content) -> None:
    """A post that is just the same is not saved again, so that its date of change stays true."""
    is_new = thing.pk is None
    before = "" if is_new else digest(type(thing)._default_manager.get(pk=thing.pk))  # noqa: SLF001
    if is_new or before != _digest_as_cleaned(thing):
        thing.save()
    if isinstance(thing, BlogPost):
        _set_tags(thing, content)
        item.post = thing
    else:
        item.page = thing
    item.digest = digest(thing)
    item.save()


def _digest_as_cleaned(thing: Thing) -> str:
    field = thing._meta.get_field("body")  # noqa: SLF001
    thing.body = field.sanitize(thing.body)
    return digest(thing)


def _set_tags(post: BlogPost, content: Content) -> None:
    wanted = [tags.find_or_make(name) for name in content.tags]
    if set(post.tags.values_list("pk", flat=True)) != {tag.pk for tag in wanted}:
        post.tags.set(wanted)


def _missing(content: Content) -> list[str]:
    known = links.known_files(content.files)
    return [url for url in content.files if url not in known]


def _wants_cover(content: Content, item: WordPressItem | None) -> bool:
    return bool(content.cover_url) and (item is None or item.cover_url != content.cover_url)


def _ask_for_files(content: Content, item: WordPressItem, urls: list[str], import_id: int, *, cover: bool) -> None:
    """A job of its own for each post: servers elsewhere can be slow, and the import waits for none."""
    jobs.enqueue(
        FETCH,
        key=f"{import_id}-{item.pk}",
        item_id=item.pk,
        title=content.title[:80],
        files=[{"line": content.line, "url": url, "title": ""} for url in urls],
        cover={"line": content.line, "url": content.cover_url, "title": content.cover_alt} if cover else None,
    )
