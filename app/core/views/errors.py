"""Error pages in the site's look."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import error_pages


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
    nonce = getattr(request, "csp_nonce", "")
    return HttpResponse(error_pages.render(500, nonce=str(nonce)), status=500)
