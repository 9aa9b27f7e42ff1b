"""How often one may try, and which passwords are refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as configured
from django.test import Client
from redis import Redis

from users.models import CustomUser
from users.tests.factories import PASSWORD, UserFactory
from users.tests.signing_in import is_logged_in, log_in

pytestmark = pytest.mark.django_db
COMMON = ["sunshine1", "iloveyou1", "welcome123", "qwertyuiop"]


def _sign_up(client, email, password=PASSWORD):
    return client.post("/accounts/signup/", {"email": email, "password1": password, "password2": password})


# --- Limits


def test_guessing_at_one_account_is_stopped_wherever_it_comes_from(alice) -> None:
    for number in range(5):
        log_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), alice.email, "wrong")
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert "Too many failed login attempts" in log_in(elsewhere, alice.email).content.decode()
    assert not is_logged_in(elsewhere)


def test_a_shop_behind_one_address_is_not_locked_out(alice, charlie) -> None:
    for number in range(40):
        log_in(Client(), f"person{number}@example.com", "wrong")
    for _ in range(5):
        log_in(Client(), charlie.email, "wrong")
    browser = Client()
    log_in(browser, alice.email)
    assert is_logged_in(browser)


def test_one_address_cannot_try_passwords_at_many_accounts_for_ever(client) -> None:
    for number in range(101):
        answer = log_in(client, f"person{number}@example.com", "wrong")
    assert "Too many failed login attempts" in answer.content.decode()


def test_sixty_people_log_in_in_the_same_minute() -> None:
    people = [UserFactory.create() for _ in range(60)]
    for person in people:
        browser = Client()
        log_in(browser, person.email)
        assert is_logged_in(browser)


@pytest.mark.parametrize("taken", [True, False])
def test_sign_ups_with_one_address_are_limited_the_same_with_an_account_and_without(outbox, taken) -> None:
    if taken:
        UserFactory.create(email="same@example.com")
    answers = [_sign_up(Client(REMOTE_ADDR=f"192.0.2.{number}"), "Same@example.com") for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [200]
    assert "That was very often" in answers[5].content.decode()
    assert len(outbox()) <= 5


def test_limits_are_counted_where_all_processes_count(client, alice) -> None:
    log_in(client, alice.email, "wrong")
    keys = Redis.from_url(configured.CACHE_URL).keys("*allauth:rl:allauth.account:login_failed*")
    assert len(keys) == 2, "by network address and by account"


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_time_are_all_counted(alice) -> None:
    from django.db import connections

    def attempt(number: int) -> None:
        try:
            log_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), "alice@example.com", "wrong")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(attempt, range(5)))
    browser = Client(REMOTE_ADDR="198.51.100.7")
    log_in(browser, alice.email)
    assert not is_logged_in(browser)


# --- Passwords


@pytest.mark.parametrize("password", COMMON)
def test_refuses_a_common_password_and_says_why(client, password) -> None:
    page = _sign_up(client, "new@example.com", password).content.decode()
    assert 'id="id_password1_error"' in page
    assert "too common" in page
    assert not CustomUser.objects.exists()


@pytest.mark.parametrize(("password", "said"), [("aB3$x", "too short"), ("8462917350", "entirely numeric")])
def test_refuses_a_short_or_numeric_password(client, password, said) -> None:
    assert said in _sign_up(client, "new@example.com", password).content.decode()


def test_refuses_the_address_as_password(client) -> None:
    page = _sign_up(client, "margarethe@example.com", "margarethe1").content.decode()
    assert "too similar" in page
