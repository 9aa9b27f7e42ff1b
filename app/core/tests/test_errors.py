from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.test import Client

from core import error_pages
from core.views import errors


@pytest.mark.django_db
def test_a_missing_page_is_in_the_look_of_the_site(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "We could not find that page" in response.text
    assert "site-header" in response.text
    assert 'content="noindex"' in response.text
    assert not response.cookies


@pytest.fixture
def request_of_a_visitor(rf):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    return request


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"), [(SuspiciousOperation("x"), 400), (RequestDataTooBig("x"), 413)], ids=["odd", "large"]
)
def test_a_bad_request_says_what_is_wrong(request_of_a_visitor, error, status):
    response = errors.bad_request(request_of_a_visitor, error)
    assert response.status_code == status
    assert f"Error {status}" in response.text


@pytest.mark.django_db
def test_a_forbidden_page_is_in_the_look_of_the_site(request_of_a_visitor):
    response = errors.permission_denied(request_of_a_visitor, PermissionError())
    assert response.status_code == 403
    assert "This is not open to you" in response.text


def test_a_failure_is_answered_without_database_or_cache(settings, monkeypatch):
    """No mark for the database: pytest-django would fail this test if it were asked."""
    from hnmproject import views

    monkeypatch.setattr(views.shop_selectors, "featured_products", lambda **kwargs: 1 / 0)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "Something went wrong" in response.text


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (OperationalError(2006, "Server has gone away"), 503, "We will be right back"),
        (OperationalError(2002, "Can't connect to server on 'db' (115)"), 503, "We will be right back"),
        (OperationalError("database is locked"), 503, "We will be right back"),
        (OperationalError(1205, "Lock wait timeout exceeded"), 500, "Something went wrong"),
        (RuntimeError(2006), 500, "Something went wrong"),
    ],
)
def test_a_database_that_is_away_asks_for_patience(monkeypatch, error, status, heading):
    from hnmproject import views

    def fail(**kwargs):
        raise error

    monkeypatch.setattr(views.shop_selectors, "featured_products", fail)
    response = Client(raise_request_exception=False).get("/")
    assert (response.status_code, heading in response.text) == (status, True)
    assert response.get("Retry-After") == ("10" if status == 503 else None)


def test_the_styles_of_the_failure_page_pass_the_security_policy(monkeypatch):
    from hnmproject import views

    monkeypatch.setattr(views.shop_selectors, "featured_products", lambda **kwargs: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    nonce = response.text.partition('nonce="')[2].partition('"')[0]
    assert nonce
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("status", error_pages.PAGES)
def test_the_files_for_nginx_are_what_the_template_makes(status):
    assert error_pages.file(status).read_text(encoding="utf-8") == error_pages.render(status), (
        "Run `make manage ARGS=error_pages`."
    )


@pytest.mark.parametrize("status", error_pages.PAGES)
def test_the_files_for_nginx_need_nothing_else(status):
    page = error_pages.render(status)
    assert "src=" not in page
    assert "<link" not in page
    assert "<script" not in page
