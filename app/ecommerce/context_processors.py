"""What the shop adds to every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def catalogue(request: HttpRequest) -> dict[str, Any]:
    return {}
