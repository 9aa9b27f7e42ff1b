"""Logging in without a password, by a code in a mail."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from users.tests.factories import PASSWORD, UserFactory
from users.tests.signing_in import code as app_code
from users.tests.signing_in import is_logged_in, second_factor_for

pytestmark = pytest.mark.django_db
REQUEST, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


def _code(mail) -> str:
    return re.search(r"^[A-Z0-9-]{6,}$", mail.get_body(("plain",)).get_content(), re.MULTILINE)[0]


def test_the_code_in_the_mail_logs_in(client, alice, outbox) -> None:
    response = client.post(REQUEST, {"email": "Alice@Example.com", "next": "/shop/"})
    assert response.url == f"{CONFIRM}?next=%2Fshop%2F"
    assert not is_logged_in(client)
    [mail] = outbox()
    assert (mail["To"].lower(), mail["Subject"]) == (alice.email, "Hearth & Morrow: Your code to log in")
    assert _code(mail) in mail.get_body(("html",)).get_content()
    response = client.post(CONFIRM, {"code": _code(mail).lower(), "next": "/shop/"})
    assert response.url == "/shop/"
    assert is_logged_in(client)


def test_a_code_works_only_in_the_browser_that_asked(client, alice, outbox) -> None:
    client.post(REQUEST, {"email": alice.email})
    elsewhere = client.__class__()
    response = elsewhere.post(CONFIRM, {"code": _code(outbox()[0])})
    assert response.url == REQUEST
    assert not is_logged_in(elsewhere)


def test_three_wrong_codes_end_it(client, alice, outbox) -> None:
    client.post(REQUEST, {"email": alice.email})
    answers = [client.post(CONFIRM, {"code": "WRONG"}) for _ in range(3)]
    assert "This code is not right" in answers[0].content.decode()
    assert answers[2].url == REQUEST
    client.post(CONFIRM, {"code": _code(outbox()[0])})
    assert not is_logged_in(client)


def test_an_old_code_is_refused(client, alice, outbox) -> None:
    client.post(REQUEST, {"email": alice.email})
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16)):
        client.post(CONFIRM, {"code": _code(outbox()[0])})
    assert not is_logged_in(client)


def test_an_unknown_address_gets_the_same_answers(client, alice, outbox) -> None:
    pages = []
    for address in (alice.email, "nobody@example.com"):
        browser = client.__class__()
        asked = browser.post(REQUEST, {"email": address})
        wrong = browser.post(CONFIRM, {"code": "WRONG"})
        again = [browser.post(CONFIRM, {"code": "WRONG"}) for _ in range(2)]
        page = re.sub(r'(value|content|nonce)="[^"]*"', "", wrong.content.decode().replace(address, "ADDRESS"))
        pages.append((asked.status_code, asked.url, wrong.status_code, page, again[-1].url))
    assert pages[0] == pages[1]
    assert "There is no account" in outbox()[-1]["Subject"]


def test_who_is_switched_off_gets_no_code(client, outbox) -> None:
    UserFactory.create(email="gone@example.com", is_active=False)
    client.post(REQUEST, {"email": "gone@example.com"})
    assert all("Your code" not in mail["Subject"] for mail in outbox())


def test_the_second_step_is_asked_for_all_the_same(client, alice, outbox) -> None:
    secret = second_factor_for(alice)
    client.post(REQUEST, {"email": alice.email})
    response = client.post(CONFIRM, {"code": _code(outbox()[0])})
    assert response.url == reverse("mfa_authenticate")
    assert not is_logged_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert is_logged_in(client)


def test_mails_to_one_address_are_limited_wherever_they_are_asked_for(client, alice, outbox) -> None:
    for number in range(6):
        answer = client.__class__(REMOTE_ADDR=f"192.0.2.{number}").post(REQUEST, {"email": alice.email})
    assert answer.status_code == 200
    assert "id_email_error" in answer.content.decode()
    assert len(outbox()) == 5


def test_guesses_are_counted_beyond_the_session(client, alice, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_login_code": "2/h/key"}
    client.post(REQUEST, {"email": alice.email})
    before = dict(client.session.items())
    for _ in range(3):
        session = client.session  # as requests at the same time find it, none of which has seen the others
        session.update(before)
        session.save()
        answer = client.post(CONFIRM, {"code": "WRONG"})
    assert "That was very often" in answer.content.decode()


@pytest.mark.parametrize("where", ["login", "request", "confirm"])
def test_pages_are_in_the_look_of_the_site(client, alice, where) -> None:
    if where == "confirm":
        client.post(REQUEST, {"email": alice.email})
    page = client.get({"login": "/accounts/login/", "request": REQUEST, "confirm": CONFIRM}[where]).content.decode()
    assert '<header class="site-header">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "placeholder=" not in page.split("<main")[1].split("</main")[0]
    assert PASSWORD not in page


def test_the_login_leads_there_and_keeps_where_one_wanted(client) -> None:
    assert f'href="{REQUEST}?next=%2Fshop%2F"' in client.get("/accounts/login/?next=/shop/").content.decode()
