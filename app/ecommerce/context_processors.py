"""What the shop adds to every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ecommerce.services import categories


def catalogue(request: HttpRequest) -> dict[str, Any]:
    """The top categories, read only by the templates that show them."""
    return {"nav_categories": SimpleLazyObject(categories.navigation)}
