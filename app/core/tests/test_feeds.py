from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine

from core.tests.factories import BlogPostFactory, TagFactory

pytestmark = pytest.mark.django_db

FEEDS = ["/blog/feed.rss", "/blog/feed.atom"]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_rss_says_what_is_new(client, settings):
    settings.SITE_URL = "https://shop.example"
    post = BlogPostFactory(title="Bread & butter", summary="Simple <things>.", tags=[TagFactory(name="Bread")])
    response = client.get("/blog/feed.rss")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = ElementTree.fromstring(response.content).find("channel")
    item = channel.find("item")
    assert channel.findtext("link") == "https://shop.example/blog/"
    assert item.findtext("title") == "Bread & butter"
    assert item.findtext("description") == "Simple <things>."
    assert item.findtext("link") == f"https://shop.example{post.get_absolute_url()}"
    assert item.findtext("category") == "Bread"


def test_atom_says_what_is_new(client, settings):
    settings.SITE_URL = "https://shop.example"
    post = BlogPostFactory(title="Bread & butter")
    feed = ElementTree.fromstring(client.get("/blog/feed.atom").content)
    entry = feed.find("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Bread & butter"
    assert entry.find("a:link", ATOM).get("href") == f"https://shop.example{post.get_absolute_url()}"
    assert feed.find("a:link[@rel='self']", ATOM).get("href") == "https://shop.example/blog/feed.atom"


@pytest.mark.parametrize("feed", FEEDS)
def test_an_empty_feed_is_well_formed(client, feed):
    ElementTree.fromstring(client.get(feed).content)


@pytest.mark.parametrize("feed", FEEDS)
def test_holds_the_newest_twenty(client, feed):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(22):
        BlogPostFactory(title=f"Post number {number:02}.", activate_date=start + timedelta(days=number))
    text = client.get(feed).text
    assert "Post number 21." in text
    assert "Post number 02." in text
    assert "Post number 01." not in text


@pytest.mark.parametrize("feed", FEEDS)
def test_a_reader_that_has_the_newest_version_gets_nothing(client, feed):
    BlogPostFactory()
    response = client.get(feed)
    for header, value in {"If-None-Match": response["ETag"], "If-Modified-Since": response["Last-Modified"]}.items():
        again = client.get(feed, headers={header: value})
        assert again.status_code == 304
        assert again.content == b""
        assert again["ETag"] == response["ETag"]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_scheduled_post_is_news_when_its_date_comes(client, feed):
    with time_machine.travel("2026-06-01T10:00:00Z", tick=False):
        BlogPostFactory(title="First", activate_date=datetime(2026, 5, 1, tzinfo=UTC))
        BlogPostFactory(title="Second", activate_date=datetime(2026, 6, 2, tzinfo=UTC))
        before = client.get(feed)
    with time_machine.travel("2026-06-03T10:00:00Z", tick=False):
        for header, value in {"If-None-Match": before["ETag"], "If-Modified-Since": before["Last-Modified"]}.items():
            assert "Second" in client.get(feed, headers={header: value}).text


def test_costs_two_queries_and_no_cookie(client, django_assert_num_queries):
    for _ in range(5):
        BlogPostFactory(tags=[TagFactory()])
    for feed in FEEDS:
        with django_assert_num_queries(2):
            assert not client.get(feed).cookies
