"""The list of the browsers that are logged in to one's account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.tasks import delete_old_sessions
from users import browsers
from users.tests.signing_in import code, is_logged_in, log_in, show_who_you_are

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/19.0 Mobile/15E148 Safari/604.1"
)
PROFILE, SESSIONS = reverse("users:profile"), reverse("users:sessions")


def _browser(user, user_agent: str) -> Client:
    browser = Client(headers={"user-agent": user_agent})
    log_in(browser, user.email)
    return browser


def _session(browser: Client) -> UserSession:
    return UserSession.objects.get(session_key=browser.session.session_key)


def test_lists_the_browsers_and_which_is_this_one(alice) -> None:
    here, _there = _browser(alice, FIREFOX), _browser(alice, IPHONE)
    page = here.get(SESSIONS).content.decode()
    assert page.index("Firefox on Linux") < page.index("This one") < page.index("Safari on iPhone")
    assert page.count("Log out there") == 1
    assert "127.0.0.1" in page


def test_log_one_out(alice) -> None:
    here, there, third = _browser(alice, FIREFOX), _browser(alice, IPHONE), _browser(alice, FIREFOX)
    here.post(reverse("users:end_session", args=[_session(there).pk]))
    assert [browser.get(PROFILE).status_code for browser in (here, there, third)] == [200, 302, 200]


def test_log_all_others_out(alice) -> None:
    here, there, third = _browser(alice, FIREFOX), _browser(alice, IPHONE), _browser(alice, FIREFOX)
    response = here.post(reverse("users:end_other_sessions"), follow=True)
    assert "You are logged out everywhere but here." in response.content.decode()
    assert [browser.get(PROFILE).status_code for browser in (here, there, third)] == [200, 302, 302]


def test_does_not_end_the_session_of_somebody_else(alice, charlie) -> None:
    here, theirs = _browser(alice, FIREFOX), _browser(charlie, IPHONE)
    assert here.post(reverse("users:end_session", args=[_session(theirs).pk])).status_code == 404
    here.post(reverse("users:end_other_sessions"))
    assert is_logged_in(theirs)
    assert "Safari" not in here.get(SESSIONS).content.decode()


def test_ending_this_session_asks_as_logging_out_does(alice) -> None:
    here = _browser(alice, FIREFOX)
    assert here.post(reverse("users:end_session", args=[_session(here).pk])).url == reverse("account_logout")


@pytest.mark.parametrize("name", ["users:end_other_sessions", "users:sessions"])
def test_needs_login(client, name) -> None:
    method = client.get if name == "users:sessions" else client.post
    assert method(reverse(name)).url.startswith(reverse("account_login"))


def test_nothing_ends_by_a_link(client, alice) -> None:
    client.force_login(alice)
    assert client.get(reverse("users:end_other_sessions")).status_code == 405


def test_notes_when_a_browser_was_last_seen_but_not_with_every_request(alice, django_assert_num_queries) -> None:
    start = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        here = _browser(alice, FIREFOX)
        here.get(PROFILE)
    cache.clear()
    with time_machine.travel(start + timedelta(minutes=20), tick=False):
        here.get(PROFILE)
        assert _session(here).last_seen_at == start + timedelta(minutes=20)
    with time_machine.travel(start + timedelta(minutes=22), tick=False):
        here.get(PROFILE)
        assert _session(here).last_seen_at == start + timedelta(minutes=20)


def test_a_login_from_before_the_list_appears_in_it(client, alice) -> None:
    client.force_login(alice)
    client.get(PROFILE)
    assert _session(client).user == alice


def test_a_changed_password_leaves_only_this_session(alice, outbox) -> None:
    from users.tests.factories import PASSWORD

    here, there = _browser(alice, FIREFOX), _browser(alice, IPHONE)
    new = "another-horse-and-staple"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get(PROFILE).status_code == 302
    page = here.get(SESSIONS).content.decode()
    assert "Firefox on Linux" in page
    assert "Safari" not in page


def test_what_is_known_of_a_browser_goes_with_its_session(alice) -> None:
    here, there = _browser(alice, FIREFOX), _browser(alice, IPHONE)
    gone = _session(there)
    there.session.flush()
    delete_old_sessions()
    assert not UserSession.objects.filter(pk=gone.pk).exists()
    assert _session(here)


def test_visitors_leave_no_session(client) -> None:
    assert "sessionid" not in client.get("/").cookies
    assert not UserSession.objects.exists()


def test_the_admin_does_not_show_the_keys_of_sessions() -> None:
    assert not admin.site.is_registered(UserSession)


def test_the_page_is_in_the_look_of_the_site(alice) -> None:
    page = _browser(alice, FIREFOX).get(SESSIONS).content.decode()
    assert '<header class="site-header">' in page
    assert page.count("<h1") == 1
    assert "Nobody is logged in to your account anywhere else." in page


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "An unknown browser"),
        ("", "An unknown browser"),
    ],
)
def test_names_a_browser(user_agent, expected) -> None:
    assert browsers.describe(user_agent) == expected


@pytest.mark.django_db(transaction=True)  # it follows the commit
def test_the_first_second_factor_ends_logins_that_have_shown_a_password_only(alice) -> None:
    here, there = _browser(alice, FIREFOX), _browser(alice, IPHONE)
    show_who_you_are(here)
    page = here.get(reverse("mfa_activate_totp"))
    here.post(reverse("mfa_activate_totp"), {"code": code(page.context["form"].secret)})
    assert [browser.get(PROFILE).status_code for browser in (here, there)] == [200, 302]
