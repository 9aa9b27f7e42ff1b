"""In which time zone each user sees times. They are kept in UTC."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(maxsize=1)
def choices() -> list[tuple[str, str]]:
    """The zones by area and city, and UTC: without the old names, which nobody would look for."""
    zones = sorted(name for name in available_timezones() if name.partition("/")[0] in AREAS)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in zones)]


class TimeZoneMiddleware:
    """Shows times in the zone of who is logged in. Visitors without a session cost nothing and see the shop's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(_zone_of(request)):
            return self.get_response(request)


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    # Who only carries a session's cookie is asked for on every page anyway: the header has their name.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    try:
        return ZoneInfo(request.user.time_zone) if request.user.time_zone else None
    except (KeyError, ValueError):  # a zone that this machine does not know, or not any more
        return None
