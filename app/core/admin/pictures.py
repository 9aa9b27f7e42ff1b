"""Small previews of pictures for lists and forms."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

EMPTY = mark_safe('<span class="thumbnail thumbnail--none" aria-hidden="true"></span>')


def thumbnail(picture: Any, *, alt: str = "") -> SafeString:
    """The smallest version there is: the original only until the smaller ones are made."""
    if not picture:
        return EMPTY
    return format_html('<img class="thumbnail" src="{}" alt="{}" loading="lazy">', _smallest_url(picture), alt)


def _smallest_url(picture: Any) -> str:
    if not getattr(picture.instance, f"{picture.field.name}_ready", False):
        return str(picture.url)
    ratio = picture.field.aspect_ratios[0]
    renditions = picture.aspect_ratios[ratio]["WEBP"]
    # A picture smaller than the smallest version has none.
    return str(renditions[min(renditions)].url if renditions else picture.url)
