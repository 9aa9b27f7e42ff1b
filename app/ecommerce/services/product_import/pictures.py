"""The pictures of a product: fetched, looked at, and stored. What cannot be had is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TypedDict
from urllib.parse import unquote, urlsplit

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.services import fetching, picture_files
from core.services.fetching import FetchError
from ecommerce.models import Product, ProductImage


class Wanted(TypedDict):
    line: int
    url: str
    alt: str
    position: int


class Outcome(TypedDict):
    fetched: int
    problems: list[dict[str, str | int]]


def fetch_all(*, product_id: int, handle: str, pictures: list[Wanted], progress: Callable[[int, int], None]) -> Outcome:
    """Safe to run again: what is there already is not fetched a second time."""
    outcome = Outcome(fetched=0, problems=[])
    for number, picture in enumerate(pictures):
        progress(number, len(pictures))
        if ProductImage.objects.filter(product_id=product_id, source_url=picture["url"]).exists():
            continue
        try:
            outcome["fetched"] += _fetch(product_id, handle, picture)
        except FetchError as error:
            message = _("The picture %(url)s was not taken over: %(reason)s.") % {
                "url": picture["url"],
                "reason": error,
            }
            outcome["problems"].append(
                {"line": picture["line"], "level": "warning", "message": message, "handle": handle}
            )
    return outcome


def _fetch(product_id: int, handle: str, picture: Wanted) -> bool:
    content = fetching.fetch_with_second_try(picture["url"])
    extension = picture_files.extension(content)
    return _store(product_id, picture, ContentFile(content, name=_name(handle, picture["url"]) + extension))


def _name(handle: str, url: str) -> str:
    stem = slugify(PurePosixPath(unquote(urlsplit(url).path)).stem)
    return (stem or slugify(handle) or "picture")[:60]


@transaction.atomic
def _store(product_id: int, picture: Wanted, file: ContentFile[bytes]) -> bool:
    """Under a lock: the same job can run twice at once, where a worker was thought dead."""
    product = Product.objects.select_for_update().filter(pk=product_id).first()
    if product is None or product.images.filter(source_url=picture["url"]).exists():
        return False
    ProductImage.objects.create(
        product=product, image=file, alt=picture["alt"], position=picture["position"], source_url=picture["url"]
    )
    return True
