from __future__ import annotations

import pytest

from core.tests.factories import BlogPostFactory, TestimonialFactory

pytestmark = pytest.mark.django_db


def test_greets_even_while_there_is_nothing_yet(client):
    page = client.get("/").text
    assert "The shelves are being filled" in page
    assert "The first posts are being written" in page
    assert "What people say" not in page


def test_shows_posts_and_testimonials(client):
    BlogPostFactory(title="How to season a pan")
    TestimonialFactory(quote="The best pan I have owned.", rating=4)
    TestimonialFactory(quote="Not for everyone.", status=0)
    page = client.get("/").text
    assert "How to season a pan" in page
    assert "The best pan I have owned." in page
    assert "4 of 5 stars" in page
    assert "Not for everyone." not in page


def test_knows_who_is_logged_in(client, alice):
    assert "Log in" in client.get("/").text
    client.force_login(alice)
    page = client.get("/").text
    assert "Alice" in page
    assert "Log in" not in page


def test_a_name_is_only_text(client, alice):
    alice.first_name = "<b>Alice</b>"
    alice.save()
    client.force_login(alice)
    assert "<b>Alice" not in client.get("/").text


def test_the_icon_is_found_where_browsers_look_for_it(client):
    assert client.get("/favicon.ico")["Location"] == "/static/favicon.ico"
