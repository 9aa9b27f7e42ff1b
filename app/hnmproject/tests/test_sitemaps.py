from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from core.tests.factories import BlogPostFactory, PageFactory
from hnmproject import sitemaps

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://shop.example"


def locations(response):
    return [place.text for place in ElementTree.fromstring(response.content).iterfind(".//s:loc", NAMES)]


def test_the_index_names_a_map_for_each_section(client):
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    assert locations(response) == [f"https://shop.example/sitemap-{name}.xml" for name in sitemaps.SECTIONS]


def test_every_map_can_be_read(client):
    for name in sitemaps.SECTIONS:
        assert client.get(f"/sitemap-{name}.xml").status_code == 200
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_lists_what_visitors_may_see(client):
    post = BlogPostFactory(title="Seen")
    BlogPostFactory(draft=True)
    BlogPostFactory(activate_date=timezone.now() + timedelta(days=1))
    response = client.get("/sitemap-posts.xml")
    assert locations(response) == ["https://shop.example/blog/seen/"]
    assert f"<lastmod>{post.modified:%Y-%m-%d}</lastmod>" in response.text
    page = PageFactory()
    assert locations(client.get("/sitemap-pages.xml")) == [f"https://shop.example{page.get_absolute_url()}"]


def test_a_long_section_has_several_maps(client, monkeypatch):
    monkeypatch.setattr(sitemaps.SiteSitemap, "limit", 2)
    for _ in range(3):
        BlogPostFactory()
    assert "https://shop.example/sitemap-posts.xml?p=2" in locations(client.get("/sitemap.xml"))
    assert len(locations(client.get("/sitemap-posts.xml?p=2"))) == 1
    assert client.get("/sitemap-posts.xml?p=9").status_code == 404


def test_costs_two_queries_a_map(client, django_assert_max_num_queries):
    for _ in range(5):
        BlogPostFactory()
    with django_assert_max_num_queries(2):
        client.get("/sitemap-posts.xml")
