"""Who may look at Flower: nginx asks here before it hands anything on to it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PERMISSION = "tasks.watch_flower"
FLOWER = "/flower/"
# What programs ask for: a login page would tell them nothing.
FOR_PROGRAMS = tuple(FLOWER + path for path in ("api/", "metrics", "healthcheck"))


def is_allowed(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_staff and user.acts_as_staff and user.has_perm(PERMISSION))


def address(request: HttpRequest, *, worker: str = "") -> str:
    """Where this person finds Flower, or a worker in it; nothing where there is none, or none for them."""
    if not settings.FLOWER_URL or not is_allowed(request):
        return ""
    return f"{settings.FLOWER_URL}worker/{quote(worker)}" if worker else str(settings.FLOWER_URL)


@require_safe
@never_cache
def may_watch(request: HttpRequest) -> HttpResponse:
    """204 for staff with the permission, 403 for everybody else who is logged in, 401 for who is not."""
    if is_allowed(request):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return HttpResponse(status=_refusal(request))


@require_safe
@never_cache
def refused(request: HttpRequest) -> HttpResponse:
    """What nginx shows in Flower's place: the way to the login and back, or our page that says no."""
    wanted = request.headers.get("X-Original-URI", "")
    if wanted.startswith(FOR_PROGRAMS):
        return HttpResponse("Not for you.\n", content_type="text/plain", status=_refusal(request))
    user: Any = request.user
    if user.is_staff and not user.acts_as_staff:
        return redirect_to_login(wanted if _is_in_flower(wanted) else FLOWER, "users:second_factor_needed")
    if user.is_authenticated:
        raise PermissionDenied("This account may not watch Flower.")
    return redirect_to_login(wanted if _is_in_flower(wanted) else FLOWER)


def _refusal(request: HttpRequest) -> int:
    return HTTPStatus.FORBIDDEN if request.user.is_authenticated else HTTPStatus.UNAUTHORIZED


def _is_in_flower(address: str) -> bool:
    return address.startswith(FLOWER) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
