from __future__ import annotations

import re

import pytest
import time_machine
from django.core import signing
from django.test import Client

from core.models import NewsletterSubscription
from core.services import newsletter
from core.tests.factories import NewsletterSubscriptionFactory

pytestmark = pytest.mark.django_db

State = NewsletterSubscription.State
HERE = {"Origin": "http://testserver"}


def sign_up(client, email="reader@example.com", **data):
    return client.post("/newsletter/", {"email": email, "website": "", **data}, headers=HERE)


def link_in(mail):
    return re.search(r"http://testserver(/newsletter/\S+)", mail.get_body(("plain",)).get_content())[1]


def state(email="reader@example.com"):
    return NewsletterSubscription.objects.get(email=email).state


def test_subscribes_in_two_steps_and_leaves_in_one(client, outbox):
    assert sign_up(client, "Reader@Example.com")["Location"] == "/newsletter/thank-you/"
    assert state() == State.PENDING
    [mail] = outbox()
    assert mail["To"] == "reader@example.com"

    confirm = link_in(mail)
    assert "Yes, subscribe me" in client.get(confirm).text
    assert state() == State.PENDING  # a program that looks into mails has subscribed nobody
    assert client.post(confirm).status_code == 200
    assert state() == State.CONFIRMED

    welcome = outbox()[1]
    unsubscribe = link_in(welcome)
    assert client.get(unsubscribe).status_code == 200
    assert state() == State.CONFIRMED
    assert client.post(unsubscribe).status_code == 200
    assert state() == State.UNSUBSCRIBED


def test_a_mail_program_can_unsubscribe_by_itself(outbox):
    subscription = NewsletterSubscriptionFactory(state=State.PENDING)
    newsletter.confirm(token=confirm_token(subscription))
    [welcome] = outbox()
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = "".join(welcome["List-Unsubscribe"].split()).strip("<>").removeprefix("http://testserver")
    # As RFC 8058 has it: no cookie, no token, no origin.
    response = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    subscription.refresh_from_db()
    assert subscription.state == State.UNSUBSCRIBED
    assert subscription.unsubscribed_at is not None


def test_the_answer_is_the_same_whatever_the_state(client, outbox):
    NewsletterSubscriptionFactory(email="in@example.com", state=State.CONFIRMED)
    NewsletterSubscriptionFactory(email="out@example.com", state=State.UNSUBSCRIBED)
    answers = {
        (response.status_code, response["Location"], response.content)
        for email in ("in@example.com", "out@example.com", "new@example.com")
        for response in [sign_up(client, email)]
    }
    assert len(answers) == 1
    assert {mail["To"] for mail in outbox()} == {"out@example.com", "new@example.com"}
    assert state("in@example.com") == State.CONFIRMED


def test_confirming_twice_welcomes_once(outbox):
    token = confirm_token(NewsletterSubscriptionFactory())
    newsletter.confirm(token=token)
    first = newsletter.confirm(token=token).confirmed_at
    assert newsletter.confirm(token=token).confirmed_at == first
    assert len(outbox()) == 1


def test_one_may_come_back(client, outbox):
    subscription = NewsletterSubscriptionFactory(email="reader@example.com", state=State.UNSUBSCRIBED)
    sign_up(client)
    assert client.post(link_in(outbox()[0])).status_code == 200
    subscription.refresh_from_db()
    assert subscription.state == State.CONFIRMED
    assert subscription.unsubscribed_at is None


def test_a_link_that_was_altered_or_is_another_kind_changes_nothing(client):
    subscription = NewsletterSubscriptionFactory()
    token = confirm_token(subscription)
    other = signing.dumps(subscription.pk, salt="other")
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), "x", other, unsubscribe_token(subscription)):
        for response in (client.get(f"/newsletter/confirm/{wrong}/"), client.post(f"/newsletter/confirm/{wrong}/")):
            assert response.status_code == 404
            assert "This link does not work" in response.text
    assert client.post(f"/newsletter/unsubscribe/{token}/").status_code == 404
    subscription.refresh_from_db()
    assert subscription.state == State.PENDING


def test_a_confirmation_ends_after_a_week_but_leaving_always_works(client):
    with time_machine.travel("2026-01-01T00:00:00Z", tick=False):
        subscription = NewsletterSubscriptionFactory()
        confirm, leave = confirm_token(subscription), unsubscribe_token(subscription)
    with time_machine.travel("2026-01-08T00:00:01Z", tick=False):
        assert client.post(f"/newsletter/confirm/{confirm}/").status_code == 404
    with time_machine.travel("2031-01-01T00:00:00Z", tick=False):
        assert client.post(f"/newsletter/unsubscribe/{leave}/").status_code == 200


def test_the_link_of_a_deleted_subscription_says_so(client):
    subscription = NewsletterSubscriptionFactory()
    token = confirm_token(subscription)
    subscription.delete()
    assert client.get(f"/newsletter/confirm/{token}/").status_code == 404


def test_the_form_of_another_site_is_refused():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/newsletter/", {"email": "a@example.com"}).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert client.post("/newsletter/", {"email": "a@example.com"}, headers=foreign).status_code == 403
    assert not NewsletterSubscription.objects.exists()
    assert sign_up(client).status_code == 302


def test_what_is_not_an_address_is_said(client):
    response = sign_up(client, "nonsense")
    assert response.status_code == 400
    assert "Enter a valid email address" in response.text


def test_a_program_that_fills_the_hidden_field_gets_the_usual_answer(client):
    assert sign_up(client, website="x")["Location"] == "/newsletter/thank-you/"
    assert not NewsletterSubscription.objects.exists()


def test_one_mailbox_gets_no_more_than_three_mails_and_nobody_is_told(client, outbox):
    for number in range(5):
        response = client.post(
            "/newsletter/", {"email": "reader@example.com"}, headers=HERE, REMOTE_ADDR=f"192.0.2.{number}"
        )
        assert response["Location"] == "/newsletter/thank-you/"
    assert len(outbox()) == 3


def test_the_eleventh_sign_up_in_an_hour_has_to_wait(client):
    for number in range(10):
        assert sign_up(client, f"r{number}@example.com").status_code == 302
    response = sign_up(client, "r10@example.com")
    assert response.status_code == 429
    assert "r10@example.com" in response.text


def confirm_token(subscription):
    return signing.dumps(subscription.pk, salt=newsletter.CONFIRM_SALT)


def unsubscribe_token(subscription):
    return signing.dumps(subscription.pk, salt=newsletter.UNSUBSCRIBE_SALT)
