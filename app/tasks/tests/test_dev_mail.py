from __future__ import annotations

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tasks.tests.urls_in_development")]


@pytest.fixture
def caught(outbox, settings):
    """The name of a mail with a link and an attachment."""
    message = EmailMultiAlternatives("Confirm", "Open https://example.com/c?a=1&b=2", None, ["alice@example.com"])
    message.attach_alternative('<p onclick="x()">Open <a href="https://example.com/c">this</a></p>', "text/html")
    message.attach('in"voice.pdf', b"%PDF", "application/pdf")
    message.send()
    outbox()
    return next(settings.MAIL_OUTBOX.glob("*.eml")).stem


@pytest.mark.urls("hnmproject.urls")
def test_is_not_there_in_production(client):
    assert client.get("/dev/mail/").status_code == 404


def test_an_empty_outbox_says_so(client):
    assert "No mail yet" in client.get(reverse("dev:mail_list")).content.decode()


def test_lists_the_newest_first(client, outbox):
    for subject in ("First", "Second"):
        send_mail(subject, "Hello", None, ["alice@example.com"])
        outbox()
    page = client.get(reverse("dev:mail_list")).content.decode()
    assert 0 < page.index("Second") < page.index("First")


def test_shows_a_mail_with_its_links(client, caught):
    page = client.get(reverse("dev:mail", args=[caught])).content.decode()
    assert 'href="https://example.com/c?a=1&amp;b=2"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert reverse("dev:mail_html", args=[caught]) in page


def test_html_runs_nothing_and_is_framed_by_us_alone(client, caught):
    response = client.get(reverse("dev:mail_html", args=[caught]))
    assert b'<a href="https://example.com/c">this</a>' in response.content
    policy = response["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_attachments_can_be_kept(client, caught):
    response = client.get(reverse("dev:mail_attachment", args=[caught, 0]))
    assert b"".join(response.streaming_content) == b"%PDF"
    assert response["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("dev:mail_attachment", args=[caught, 1])).status_code == 404


@pytest.mark.parametrize("name", ["nothing", "..", ".hidden"])
def test_opens_only_what_is_listed(client, caught, name):
    assert client.get(reverse("dev:mail", args=[name])).status_code == 404


def test_deletes_all_by_post_alone(client, caught, settings):
    assert client.get(reverse("dev:mail_delete_all")).status_code == 405
    assert client.post(reverse("dev:mail_delete_all")).status_code == 302
    assert list(settings.MAIL_OUTBOX.iterdir()) == []
