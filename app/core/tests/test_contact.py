from __future__ import annotations

import pytest
from django.test import Client

from core.models import ContactMessage
from core.services import contact
from tasks.models import Job

pytestmark = pytest.mark.django_db

MESSAGE = {
    "name": "Dora O'Neill",
    "email": "dora@example.com",
    "subject": "Norway",
    "message": "Do you ship to Norway?\n\nThank you.",
    "website": "",
}


def test_keeps_the_message_and_mails_it_to_support(client, outbox, settings):
    response = client.post("/contact/", MESSAGE)
    assert response.status_code == 302
    assert response["Location"] == "/contact/thank-you/"
    kept = ContactMessage.objects.get()
    assert (kept.name, kept.email, kept.subject) == ("Dora O'Neill", "dora@example.com", "Norway")
    [mail] = outbox()
    assert mail["To"] == settings.SUPPORT_EMAIL
    assert mail["Reply-To"] == "dora@example.com"
    assert mail["Subject"] == "Contact: Norway"
    text = mail.get_body(("plain",)).get_content()
    assert "Dora O'Neill" in text
    assert "Do you ship to Norway?" in text
    assert "Dora O&#x27;Neill" in mail.get_body(("html",)).get_content()


def test_the_thank_you_page_can_be_reloaded(client):
    assert client.get("/contact/thank-you/").status_code == 200


def test_knows_who_is_logged_in(client, alice):
    client.force_login(alice)
    assert alice.email in client.get("/contact/").text


def test_marks_what_is_missing_and_keeps_what_was_typed(client):
    response = client.post("/contact/", {**MESSAGE, "email": "no address"})
    assert response.status_code == 400
    assert 'aria-invalid="true"' in response.text
    assert "Do you ship to Norway?" in response.text
    assert not ContactMessage.objects.exists()


def test_a_program_that_fills_the_hidden_field_reaches_nobody(client, outbox):
    response = client.post("/contact/", {**MESSAGE, "website": "http://spam.example"})
    assert response["Location"] == "/contact/thank-you/"
    assert not ContactMessage.objects.exists()
    assert outbox() == []


def test_a_line_break_in_the_subject_makes_no_header(outbox):
    contact.receive(**{**message_only(), "subject": "Hello\r\nBcc: everyone@example.com", "name": "D\nX: y"})
    [mail] = outbox()
    assert mail["Subject"] == "Contact: Hello Bcc: everyone@example.com"
    assert mail["Bcc"] is None
    assert mail["X"] is None


def test_a_line_break_in_the_address_is_refused(client):
    assert client.post("/contact/", {**MESSAGE, "email": "dora@example.com\nBcc: x@example.com"}).status_code == 400


def test_what_was_written_is_text_in_the_mail(outbox):
    contact.receive(**{**message_only(), "message": "<img src=x onerror=alert(1)>"})
    [mail] = outbox()
    assert "<img" not in mail.get_body(("html",)).get_content()


def test_the_mail_is_asked_for_in_the_same_transaction(outbox, monkeypatch):
    monkeypatch.setattr(contact.mails, "send", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        contact.receive(**message_only())
    assert not ContactMessage.objects.exists()
    assert not Job.objects.exists()


def test_the_sixth_message_in_an_hour_has_to_wait(client):
    for number in range(5):
        assert client.post("/contact/", {**MESSAGE, "email": f"d{number}@example.com"}).status_code == 302
    response = client.post("/contact/", MESSAGE)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "Do you ship to Norway?" in response.text
    assert ContactMessage.objects.count() == 5


def test_one_mailbox_cannot_go_round_the_limit_by_many_addresses(client, settings):
    for number in range(5):
        assert client.post("/contact/", MESSAGE, REMOTE_ADDR=f"192.0.2.{number}").status_code == 302
    assert client.post("/contact/", MESSAGE, REMOTE_ADDR="192.0.2.99").status_code == 429


def test_wrong_messages_do_not_count(client):
    for _ in range(9):
        client.post("/contact/", {**MESSAGE, "name": ""})
    assert client.post("/contact/", MESSAGE).status_code == 302


def test_needs_the_csrf_token():
    response = Client(enforce_csrf_checks=True).post("/contact/", MESSAGE)
    assert response.status_code == 403
    assert "The form had been open for too long" in response.text
    assert not ContactMessage.objects.exists()


def test_a_message_that_is_too_large_is_refused(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post("/contact/", {**MESSAGE, "message": "x" * 2000})
    assert response.status_code == 413
    assert "too large" in response.text


def message_only():
    return {name: MESSAGE[name] for name in ("name", "email", "subject", "message")}
