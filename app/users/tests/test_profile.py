"""What people choose in their account."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from core.models import NewsletterSubscription
from users.models import CustomUser
from users.time_zones import TimeZoneMiddleware

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


def save(client, **data):
    return client.post(reverse("users:profile"), {"first_name": "Alice", "last_name": "Example", **data})


def choose(client, value):
    return client.post(reverse("users:newsletter"), {"newsletter": value}, follow=True)


def test_the_account_has_a_navigation_that_says_where_one_is(client, alice):
    client.force_login(alice)
    html = client.get(reverse("users:profile")).text
    assert f'href="{reverse("users:profile")}" aria-current="page"' in html
    assert f'href="{reverse("orders:list")}" aria-current="page"' in client.get(reverse("orders:list")).text


def test_a_time_zone_is_kept(client, alice):
    client.force_login(alice)
    assert save(client, time_zone="Pacific/Auckland").status_code == 302
    assert CustomUser.objects.get(pk=alice.pk).time_zone == "Pacific/Auckland"
    assert '<option value="Pacific/Auckland" selected>' in client.get(reverse("users:profile")).text


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "x" * 100])
def test_a_time_zone_that_is_none_is_refused_at_its_field(client, alice, zone):
    client.force_login(alice)
    assert 'id="id_time_zone_error"' in save(client, time_zone=zone, first_name="Alicia").text
    assert CustomUser.objects.get(pk=alice.pk).first_name == "Alice"


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Auckland", "2026-02-01"), ("", "2026-01-31"), ("Gone/Away", "2026-01-31")]
)
def test_times_are_those_of_who_is_logged_in(rf, alice, settings, zone, day):
    alice.time_zone = zone
    request = rf.get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "some"
    request.user = alice
    middleware = TimeZoneMiddleware(lambda _request: HttpResponse(timezone.localtime(LATE).date().isoformat()))
    assert middleware(request).text == day
    assert timezone.get_current_timezone_name() == "UTC", "nothing of it is left for the next visitor"


def test_without_a_session_nobody_is_asked_for(client):
    response = client.get("/robots.txt")
    assert "Cookie" not in response.get("Vary", "")


def test_joins_the_newsletter_by_the_link_that_everybody_gets(client, alice, outbox):
    client.force_login(alice)
    page = choose(client, "yes").text
    assert "Almost there" in page
    assert "Send the link again" in page
    assert NewsletterSubscription.objects.get().state == "pending"
    assert [mail["To"] for mail in outbox()] == ["alice@example.com"]


def test_leaves_the_newsletter_at_once(client, alice):
    NewsletterSubscription.objects.create(email="alice@example.com", state="confirmed")
    other = NewsletterSubscription.objects.create(email="charlie@example.com", state="confirmed")
    client.force_login(alice)
    assert "You do not get our newsletter." in choose(client, "no").text
    assert NewsletterSubscription.objects.get(email="alice@example.com").state == "unsubscribed"
    other.refresh_from_db()
    assert other.state == "confirmed"


def test_is_not_mailed_without_end(client, alice, outbox):
    client.force_login(alice)
    for _time in range(5):
        page = choose(client, "yes").text
    assert "several times today" in page
    assert len(outbox()) == 3


def test_an_odd_choice_changes_nothing(client, alice):
    client.force_login(alice)
    assert choose(client, "perhaps").status_code == 200
    assert not NewsletterSubscription.objects.exists()
    assert client.get(reverse("users:newsletter")).status_code == 405


def test_the_choice_needs_login(client):
    assert client.post(reverse("users:newsletter"), {"newsletter": "no"}).status_code == 302
