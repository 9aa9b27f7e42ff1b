from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from django.template import Context, Template

from core.tests.factories import BlogPostFactory, PageFactory, TagFactory, picture_file

pytestmark = pytest.mark.django_db


class Head(HTMLParser):
    """The meta elements by property or name, and the links by rel."""

    def __init__(self, page):
        super().__init__()
        self.meta, self.links = {}, {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta":
            self.meta[attrs.get("property") or attrs.get("name")] = attrs.get("content")
        if tag == "link":
            self.links[attrs["rel"]] = attrs["href"]


def json_ld(page):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(text) for text in found]


def test_a_post_describes_itself(client, settings):
    settings.SITE_URL = "https://shop.example"
    post = BlogPostFactory(
        title='Bread "&" butter </script><script>alert(1)</script>',
        slug="bread",
        summary="Simple <things>.",
        cover=picture_file(),
        cover_alt="A loaf",
        tags=[TagFactory(name="Bread")],
        author__first_name="Nora",
        author__last_name="Ashdown",
    )
    page = client.get("/blog/bread/").text
    assert "<script>alert(1)" not in page
    head = Head(page)
    assert head.links["canonical"] == "https://shop.example/blog/bread/"
    assert head.meta["og:url"] == "https://shop.example/blog/bread/"
    assert head.meta["og:type"] == "article"
    assert head.meta["og:title"] == post.title
    assert head.meta["og:image"] == f"https://shop.example{post.cover.url}"
    assert head.meta["description"] == "Simple <things>."
    [data] = json_ld(page)
    article, trail = data["@graph"]
    assert data["@context"] == "https://schema.org"
    assert article["@type"] == "BlogPosting"
    assert article["headline"] == post.title
    assert article["author"] == {"@type": "Person", "name": "Nora Ashdown"}
    assert article["datePublished"].startswith("2026-01-01T12:00:00")
    assert [step["item"] for step in trail["itemListElement"]] == [
        "https://shop.example/",
        "https://shop.example/blog/",
        "https://shop.example/blog/bread/",
    ]


def test_a_page_has_its_trail(client):
    page = PageFactory(title="About us", description="Who we are.")
    text = client.get(page.get_absolute_url()).text
    assert json_ld(text)[0]["@type"] == "BreadcrumbList"
    assert Head(text).meta["description"] == "Who we are."


def test_canonical_addresses_leave_out_what_makes_no_other_page(client):
    assert Head(client.get("/blog/?utm_source=x&fbclid=y").text).links["canonical"] == "http://testserver/blog/"
    canonical = Head(client.get("/blog/?before=1-1&utm_source=x").text).links["canonical"]
    assert canonical == "http://testserver/blog/?before=1-1"


def test_json_ld_cannot_be_left_by_its_text():
    template = Template("{% load seo %}{% json_ld data %}")
    text = template.render(Context({"data": {"name": "</script><!-- <b> & '"}}))
    assert text.count("<") == 2
    assert json_ld(text) == [{"@context": "https://schema.org", "name": "</script><!-- <b> & '"}]


def test_robots_are_told_where_not_to_go(client, settings):
    settings.SITE_URL = "https://shop.example"
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.text.splitlines()
    assert {"Disallow: /admin/", "Disallow: /accounts/", "Disallow: /shop/search/"} <= set(lines)
    assert "Sitemap: https://shop.example/sitemap.xml" in lines


def test_every_feed_is_announced(client):
    page = client.get("/blog/").text
    assert 'type="application/rss+xml"' in page
    assert 'type="application/atom+xml"' in page
