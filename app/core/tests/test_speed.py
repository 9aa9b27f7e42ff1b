"""What makes pages fast, held for every public page of core and for the home page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import BlogPost
from core.tests import rows
from core.tests.factories import LONG_AGO, BlogPostFactory, PageFactory, TagFactory, TestimonialFactory
from users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SHARED = [
    "/",
    "/blog/",
    "/blog/?q=stew",
    "/blog/?before=1767268800000000-3",
    "/blog/?after=1-1",
    "/blog/archive/2026/",
    "/blog/tags/bread/",
    "/blog/the-post/",
    "/blog/feed.rss",
    "/blog/feed.atom",
    "/pages/about-us/",
    "/newsletter/",
    "/newsletter/thank-you/",
    "/contact/thank-you/",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-posts.xml",
]
CACHED_BY_NGINX = [*SHARED[:8], "/pages/about-us/"]
MOST_QUERIES = 6


@pytest.fixture
def content():
    tag = TagFactory(name="Bread")
    PageFactory(title="About us")
    for _ in range(3):
        TestimonialFactory()
    BlogPostFactory(title="The post", tags=[tag, TagFactory()])
    fill(9, tag)
    return tag


def fill(number, tag):
    """Add posts the quick way: one INSERT, and no search index."""
    author = BlogPost.objects.first().author
    start = BlogPost.objects.count()
    posts = [
        BlogPost(
            title=f"Stew {n}", slug=f"stew-{n}", author=author, status=1, activate_date=LONG_AGO + timedelta(hours=n)
        )
        for n in range(start, start + number)
    ]
    made = rows.insert(posts)
    BlogPost.tags.through.objects.bulk_create(
        [BlogPost.tags.through(blogpost_id=post.pk, tag_id=tag.pk) for post in made]
    )


def queries(client, address):
    client.get(address)  # the caches are warm, as they are but for one visit in some minutes
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


@pytest.mark.parametrize("address", SHARED)
def test_an_anonymous_page_carries_no_cookie_and_no_token(client, content, address):
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert "csrf" not in response.text
    assert "nonce" not in response.headers.get("Content-Security-Policy", "")


@pytest.mark.parametrize("address", SHARED)
def test_an_anonymous_page_is_the_same_for_everyone(client, content, address):
    assert client.get(address).content == client.get(address).content


@pytest.mark.parametrize("address", CACHED_BY_NGINX)
def test_nginx_may_keep_the_page_of_nobody_but_not_of_somebody(client, content, address):
    assert "X-Accel-Expires" in client.get(address)
    client.force_login(UserFactory())
    assert "X-Accel-Expires" not in client.get(address)


def test_few_queries_and_as_many_for_a_long_blog(client, content):
    client.force_login(UserFactory())
    few = {address: queries(client, address) for address in SHARED}
    assert {address: number for address, number in few.items() if number > MOST_QUERIES} == {}
    fill(290, content)
    many = {address: queries(client, address) for address in SHARED}
    assert many == few
