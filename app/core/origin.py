"""Protection of the forms on pages that everyone shares.

Such a page is cached and must carry no token, so its forms cannot prove by a token that they are ours. The browser
says where a request comes from instead, in headers that a page cannot forge.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

log = structlog.get_logger(__name__)

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def same_origin_required(view: View[Arguments]) -> View[Arguments]:
    """Refuse (403) an unsafe request that does not come from a page of this site. It stands in for the CSRF token."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if request.method not in SAFE_METHODS and not is_same_origin(request):
            log.warning("foreign_origin_refused", path=request.path)
            raise PermissionDenied("The request came from another site.")
        return view(request, *args, **kwargs)

    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # what Django's own csrf_exempt sets
    return guarded


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says so, by the first of the three headers that it sent. None of them counts as no."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        # "none": the visitor repeated the request by hand, as after restoring a tab. No other site can cause it.
        return fetch_site in {"same-origin", "none"}
    origin = request.headers.get("Origin") or _origin_of(request.headers.get("Referer", ""))
    return origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
