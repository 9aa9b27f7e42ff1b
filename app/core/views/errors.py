"""Error pages in the site's look."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import error_pages

# Too many connections, shutting down, cannot connect (by socket, by TCP, unknown host), gone away, lost, lost again,
# idle for too long: MySQL's error reference.
MYSQL_AWAY = frozenset({1040, 1053, 2002, 2003, 2005, 2006, 2013, 2055, 4031})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # Django counts a request that is too large among the suspicious ones.
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, f"{status}.html", status=status)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or the browser keeps no cookies. Most often trying again helps."""
    return render(request, "403.html", {"form_expired": True}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """It asks neither the database nor the cache: one of them may be why we are here."""
    nonce = str(getattr(request, "csp_nonce", ""))
    if _is_database_away(sys.exception()):
        return HttpResponse(error_pages.render(503, nonce=nonce), status=503, headers={"Retry-After": "10"})
    return HttpResponse(error_pages.render(500, nonce=nonce), status=500)


def _is_database_away(error: BaseException | None) -> bool:
    """Whether trying again soon will help: the database is being restarted, or takes no more connections."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = error.args[0] if error.args else None
    return code in MYSQL_AWAY or "database is locked" in str(error)
