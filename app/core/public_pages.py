"""Pages that are the same for every anonymous visitor, which nginx may therefore keep for a few seconds.

nginx keeps only what says so here: a page without this decorator is never shared between visitors.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core import languages

View = Callable[..., HttpResponseBase]


def public_page(view: View) -> View:
    """Let nginx keep the page for settings.PAGE_CACHE_SECONDS when it was made for nobody in particular.

    The page is kept for those who read its language. Browsers ask again each time, so that whoever logs in does not see
    the page of before.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponse) and _is_impersonal(request, response):
            response["X-Accel-Expires"] = str(settings.PAGE_CACHE_SECONDS)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-cache"
        return response

    return wrapped


def _is_impersonal(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and response.status_code == HTTPStatus.OK
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.user.is_authenticated
        and not response.cookies
        and _is_kept_for_its_readers(request)
        and "no-store" not in response.get("Cache-Control", "")  # a preview: for whoever has its link
    )


def _is_kept_for_its_readers(request: HttpRequest) -> bool:
    """Whether nginx keeps the page under the language that it is in.

    nginx names that language in Accept-Language, and nothing else. Where it is another, because two cookies contradict
    each other, nobody may get this page who asks for that one.
    """
    key = request.headers.get("Accept-Language")
    return key is None or len(settings.LANGUAGES) == 1 or key == languages.current()
