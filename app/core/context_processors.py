"""What every page of the site can use. Nothing here costs anything until a template asks for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core import languages, site_address
from core.services import navigation


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "languages": languages.choices(),
        "content_language": settings.LANGUAGE_CODE,  # of what staff have written, whatever is spoken around it
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "canonical_url": SimpleLazyObject(lambda: site_address.canonical(request)),
        "footer_pages": SimpleLazyObject(navigation.footer_pages),
    }
