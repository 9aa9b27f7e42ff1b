"""Drafts and what is scheduled, seen by a link that staff made and passed on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from core.services import previews
from core.tests.factories import BlogPostFactory, PageFactory, TestimonialFactory
from ecommerce.models import CartLine
from ecommerce.tests.factories import ProductFactory, VariantFactory
from hnmproject import checks

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FACTORIES = pytest.mark.parametrize("factory", [BlogPostFactory, PageFactory, ProductFactory])


def _link(thing, **to_end) -> str:
    return previews.link(thing=thing, until=timezone.now() + timedelta(**(to_end or {"days": 7})))


def _button(thing) -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_preview", args=[thing.pk])


@FACTORIES
@pytest.mark.parametrize("fields", [{"status": 0}, {"activate_date": timezone.now() + timedelta(days=9)}])
def test_the_button_makes_a_link_that_a_stranger_can_open(client, root, factory, fields):
    thing = factory.create(title="Kettle", **fields)
    client.force_login(root)
    link = client.post(_button(thing))["Location"]
    client.logout()
    response = client.get(link)
    assert response.status_code == 200
    assert "Kettle" in response.text
    assert "This is a preview" in response.text
    assert client.get(thing.get_absolute_url()).status_code == 404


@FACTORIES
def test_a_preview_is_kept_and_listed_nowhere(client, factory):
    response = client.get(_link(factory.create(status=0)))
    assert "no-store" in response["Cache-Control"]
    assert "X-Accel-Expires" not in response
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in response.text
    assert not response.cookies


def test_a_link_ends_after_the_days_that_are_set(client, root, settings):
    settings.PREVIEW_LINK_DAYS = 3
    post = BlogPostFactory.create(draft=True)
    with time_machine.travel(NOW, tick=False):
        client.force_login(root)
        link = client.post(_button(post))["Location"]
    client.cookies.clear()
    with time_machine.travel(NOW + timedelta(days=3, seconds=-1), tick=False):
        response = client.get(link)
        assert response.status_code == 200
        assert "until 24 Nov 2026, 12:00 UTC" in response.text
    with time_machine.travel(NOW + timedelta(days=3, seconds=1), tick=False):
        response = client.get(link)
        assert response.status_code == 410
        assert "This preview has ended" in response.text
        assert post.title not in response.text
        assert "no-store" in response["Cache-Control"]
        assert "X-Accel-Expires" not in response


def test_a_link_opens_one_thing_only(client):
    one, other = BlogPostFactory.create(draft=True), BlogPostFactory.create(draft=True)
    page = PageFactory.create(status=0)
    token = _link(one).partition("?preview=")[2]
    for thing in (other, page):
        assert client.get(f"{thing.get_absolute_url()}?preview={token}").status_code == 404


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a:b:c",
        "\x00",
        "é",
        "x" * 5000,
        signing.dumps(["core.blogpost", 1, 9999999999]),
        signing.dumps("core.blogpost", salt=previews.SALT + "."),
    ],
    # Not the tokens: they hold the second, and processes that run tests side by side must call them the same.
    ids=["nothing", "letter", "colons", "zero", "accent", "long", "another purpose", "another thing"],
)
def test_what_is_no_link_of_ours_finds_nothing(client, token):
    post = BlogPostFactory.create(draft=True)
    assert client.get(post.get_absolute_url(), {"preview": token}).status_code == 404


def test_a_changed_link_finds_nothing(client):
    link = _link(BlogPostFactory.create(draft=True))
    assert client.get(link[:-1] + ("a" if link[-1] != "a" else "b")).status_code == 404


def test_a_link_shows_what_the_draft_has_become(client):
    post = BlogPostFactory.create(draft=True, title="First")
    link = _link(post)
    post.title = "Second"
    post.save()
    assert "Second" in client.get(link).text


def test_once_it_is_published_the_link_leads_to_the_page_of_everybody(client):
    post = BlogPostFactory.create(draft=True)
    link, old = _link(post), _link(post, days=-1)
    post.activate()
    for address in (link, old):
        response = client.get(address)
        assert response.status_code == 200
        assert "This is a preview" not in response.text


def test_staff_see_a_draft_also_by_a_link_that_has_ended(client, erin):
    client.force_login(erin)
    response = client.get(_link(BlogPostFactory.create(draft=True), days=-1))
    assert response.status_code == 200
    assert "Only staff can see this page." in response.text


def test_choosing_an_option_keeps_the_preview(client):
    product = ProductFactory.create(status=0, option_names=["Size"])
    for size in ("Small", "Large"):
        VariantFactory.create(product=product, option_values=[size])
    link = _link(product)
    token = client.get(link).context["preview"].token
    assert f'<input type="hidden" name="preview" value="{token}">' in client.get(link).text


def test_nothing_is_bought_before_it_is_on_sale(client):
    product = ProductFactory.create(status=0)
    data = {"variant": product.variants.get().sku, "quantity": 1}
    client.post(reverse("ecommerce:cart_add"), data, headers={"Sec-Fetch-Site": "same-origin"})
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("person", ["bob", "dave", "frank", "alice", None])
def test_only_who_may_see_a_draft_makes_a_link_to_it(client, request, person):
    post = BlogPostFactory.create(draft=True)
    if person:
        client.force_login(request.getfixturevalue(person))
    response = client.post(_button(post))
    assert response.status_code == 403 or "/login/" in response["Location"]
    assert not LogEntry.objects.exists()


def test_looking_at_the_address_of_the_button_makes_no_link(client, erin):
    client.force_login(erin)
    assert client.get(_button(BlogPostFactory.create(draft=True))).status_code == 405
    assert client.post(reverse("admin:core_blogpost_preview", args=[999])).status_code == 404


def test_the_button_of_what_is_published_leads_to_its_page(client, erin):
    client.force_login(erin)
    post = BlogPostFactory.create()
    assert client.post(_button(post))["Location"] == post.get_absolute_url()
    assert not LogEntry.objects.exists()


def test_what_has_no_page_has_no_preview(client, erin):
    client.force_login(erin)
    page = client.get(reverse("admin:core_testimonial_change", args=[TestimonialFactory.create(status=0).pk]))
    assert page.status_code == 200
    assert "/preview/" not in page.text


@pytest.mark.parametrize(
    ("days", "expected"), [(0, ["hnmproject.E030"]), (1, []), (365, []), (366, ["hnmproject.E030"])]
)
def test_links_end_some_day(settings, days, expected):
    settings.PREVIEW_LINK_DAYS = days
    assert [message.id for message in checks.preview_links_end(None)] == expected
