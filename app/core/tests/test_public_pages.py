"""Only what was made for nobody in particular may be kept by nginx."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from core.public_pages import public_page


@public_page
def page(request):
    response = HttpResponse("page", status=int(request.GET.get("status", "200")))
    if "cookie" in request.GET:
        response.set_cookie("seen", "yes")
    return response


@pytest.fixture
def ask(rf, settings):
    settings.PAGE_CACHE_SECONDS = 10

    def ask(query: str = "", *, method: str = "get", user=None, cookies: dict[str, str] | None = None):
        request = getattr(rf, method)(f"/{query}")
        request.user = user or AnonymousUser()
        request.COOKIES |= cookies or {}
        return page(request)

    return ask


def test_an_anonymous_page_may_be_kept_by_nginx_but_not_by_browsers(ask):
    response = ask()
    assert response["X-Accel-Expires"] == "10"
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "situation",
    [
        {"query": "?status=404"},
        {"query": "?cookie"},
        {"method": "post"},
        {"cookies": {"sessionid": "somebody"}},
    ],
)
def test_anything_else_may_not(ask, situation):
    assert "X-Accel-Expires" not in ask(**situation)


@pytest.mark.django_db
def test_the_page_of_somebody_logged_in_may_not(ask, alice):
    assert "X-Accel-Expires" not in ask(user=alice)
