"""Addresses that leave the site, in mails, feeds and sitemaps, name it by SITE_URL and never by the request's host."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.http import HttpRequest, QueryDict

# Parameters that make another page of the address; sorts, filters and campaign marks do not.
CANONICAL_PARAMETERS = ("q", "page", "before", "after")


def absolute(path: str) -> str:
    """The full address of a path of this site. A full address, as a storage elsewhere gives, stays as it is."""
    return urljoin(f"{settings.SITE_URL}/", path)


def canonical(request: HttpRequest) -> str:
    """The one address under which search engines should know this page."""
    return absolute(request.path) + _canonical_query(request.GET)


def _canonical_query(parameters: QueryDict) -> str:
    kept = [(name, parameters[name]) for name in CANONICAL_PARAMETERS if parameters.get(name)]
    return f"?{urlencode(kept)}" if kept else ""
