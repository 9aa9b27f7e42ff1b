from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from core.origin import is_same_origin, same_origin_required


@same_origin_required
def view(request):
    return HttpResponse("done")


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://evil.example", "Referer": "http://testserver/"}, False),
        ({"Referer": "http://testserver/blog/"}, True),
        ({"Referer": "http://evil.example/http://testserver/"}, False),
        ({"Referer": "http://testserver@evil.example/"}, False),
        ({"Referer": "http://[broken"}, False),
        ({}, False),
    ],
)
def test_believes_what_the_browser_says(rf, headers, allowed):
    request = rf.post("/", headers=headers)
    assert is_same_origin(request) is allowed
    if allowed:
        assert view(request).content == b"done"
    else:
        with pytest.raises(PermissionDenied):
            view(request)


def test_trusts_the_origins_of_the_settings(rf, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://shop.example"]
    assert is_same_origin(rf.post("/", headers={"Origin": "https://shop.example"}))


def test_reading_is_free(rf):
    assert view(rf.get("/", headers={"Sec-Fetch-Site": "cross-site"})).content == b"done"


def test_needs_no_token():
    assert view.csrf_exempt
