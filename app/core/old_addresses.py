"""Addresses of the WordPress site that this one took over: whoever still uses one is led to where it is now."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from core.services.wordpress_import import links

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class OldAddressMiddleware:
    """Asks the database only where nothing of ours was found, so our own addresses always win."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or request.method not in ("GET", "HEAD"):
            return response
        place = links.new_place(request.path)
        return HttpResponsePermanentRedirect(place) if place else response
