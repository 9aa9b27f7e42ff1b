"""In which language somebody is spoken to: what they chose, what their browser asks for, or the shop's own.

A choice is a cookie, and not part of an address: what is sold and written here is in one language, so there is one
address for it (docs/adr/0023). nginx keeps shared pages by language, see ``core.public_pages``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation


def choices() -> list[tuple[str, str]]:
    """Those on offer, each by its own name, for who understands no other."""
    return list(settings.LANGUAGES)


def is_offered(code: str) -> bool:
    return code in dict(settings.LANGUAGES)


def of_visitor(request: HttpRequest) -> str:
    """By the cookie, else by what the browser asks for, else the shop's own. It costs no query."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if is_offered(chosen) else asked_for(request)


def asked_for(request: HttpRequest) -> str:
    """The one that the browser would rather have, among those on offer; the shop's own where it names none of them."""
    for code, _quality in translation.trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


def current() -> str:
    """The language that is spoken right now."""
    return translation.get_language() or str(settings.LANGUAGE_CODE)


def speaking(code: str) -> AbstractContextManager[None]:
    """Speak that language for a while; the shop's own where it is empty, or not on offer any more."""
    return translation.override(code if is_offered(code) else settings.LANGUAGE_CODE)


def remember(response: HttpResponseBase, code: str) -> None:
    """Keep the choice in this browser. Scripts need not see it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
