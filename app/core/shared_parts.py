"""Parts of a page that are the same for everybody, kept for a few seconds.

nginx keeps whole pages of anonymous visitors. The page of somebody who is logged in differs by little more than its
header, so what is dear to make in it is made once for all of them.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language

Parts = Mapping[str, str]

VERSION_KEY = "parts:version"


def get_or_render(
    request: HttpRequest, *, templates: Mapping[str, str], context: Callable[[], dict[str, Any]]
) -> Parts:
    """Each template rendered, by its name in ``templates``. They may depend on the address and on nothing else.

    One round trip to the cache when they are there. While developing nothing is kept, so that an edited template shows
    at once.
    """
    if settings.DEBUG:
        return _render(request, templates, context())
    key = _key(request)
    kept = cache.get_many([key, VERSION_KEY])
    current = kept.get(VERSION_KEY)
    made_of, parts = kept.get(key, (None, None))
    if parts is None or made_of != current:
        parts = _render(request, templates, context())
        # With the version of before the rendering: a change in between outdates it.
        cache.set(key, (current, parts), settings.PAGE_CACHE_SECONDS)
    return parts  # type: ignore[no-any-return]  # what was put under this key


def forget_on_commit() -> None:
    """Outdate every part, once the change that does so is visible to everyone."""
    transaction.on_commit(lambda: cache.set(VERSION_KEY, uuid.uuid4().hex, timeout=None))


def _render(request: HttpRequest, templates: Mapping[str, str], context: dict[str, Any]) -> Parts:
    return {name: render_to_string(template, context, request) for name, template in templates.items()}


def _key(request: HttpRequest) -> str:
    address = f"{get_language()} {request.get_full_path()}"
    return f"parts:1:{hashlib.sha256(address.encode()).hexdigest()}"
