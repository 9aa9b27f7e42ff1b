from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.cookies import all_cookies
from core.public_pages import public_page


@require_safe
@public_page
def cookies(request: HttpRequest) -> HttpResponse:
    """Which cookies there are, and what for. No query."""
    return render(request, "core/cookies.html", {"cookies": all_cookies()})
