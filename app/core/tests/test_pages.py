from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.services import navigation
from core.tests.factories import PageFactory
from users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def footer():
    return [link["title"] for link in navigation.footer_pages()]


def test_shows_a_page(client):
    page = PageFactory(title="About us", body="<p>Two people and a dog.</p>")
    response = client.get("/pages/about-us/")
    assert page.title in response.text
    assert "Two people and a dog." in response.text


def test_a_page_that_is_not_published_is_not_found(client):
    draft = PageFactory(draft=True)
    later = PageFactory(activate_date=timezone.now() + timedelta(hours=1))
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(later.get_absolute_url()).status_code == 404
    client.force_login(UserFactory(groups=["Editors"]))
    assert client.get(draft.get_absolute_url() + "?preview").status_code == 200


def test_a_script_in_the_text_is_not_kept(client):
    page = PageFactory(body='<p onclick="x()">Hello</p><script>alert(1)</script>')
    text = client.get(page.get_absolute_url()).text
    assert "alert(1)" not in text
    assert "onclick" not in text


def test_the_footer_links_published_pages_in_order(client):
    PageFactory(title="Terms", position=2)
    PageFactory(title="About us", position=1)
    PageFactory(title="Not here", in_footer=False)
    PageFactory(title="Draft", draft=True)
    assert footer() == ["About us", "Terms"]
    assert "About us" in client.get("/").text


def test_the_footer_is_read_once(django_assert_num_queries):
    PageFactory()
    with django_assert_num_queries(1):
        navigation.footer_pages()
        navigation.footer_pages()


def test_the_footer_follows_every_change(django_capture_on_commit_callbacks):
    page = PageFactory(title="About us")
    assert footer() == ["About us"]
    with django_capture_on_commit_callbacks(execute=True):
        page.title = "Who we are"
        page.save()
    assert footer() == ["Who we are"]
    with django_capture_on_commit_callbacks(execute=True):
        page.delete()
    assert footer() == []
