"""Tags by name, for imports."""

from __future__ import annotations

import hashlib

from django.utils.text import slugify

from core.models import Tag


def find(name: str) -> Tag | None:
    return Tag.objects.filter(name__iexact=name).first()


def find_or_make(name: str) -> Tag:
    return find(name) or Tag.objects.create(name=name, slug=slug_if_needed(name))


def slug_if_needed(title: str) -> str:
    """Empty where one can be made from the title. From signs and letters that no address has, it cannot."""
    return "" if slugify(title) else hashlib.sha256(title.encode()).hexdigest()[:10]
