from __future__ import annotations

import pytest
from django.template.loader import get_template

from core.services import mails

MAILS = ["contact_received", "newsletter_confirm", "newsletter_welcome"]


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_has_its_three_templates(name):
    for ending in ("_subject.txt", "_message.txt", "_message.html"):
        get_template(f"core/mail/{name}{ending}")


def test_has_text_and_html_in_the_look_of_the_site(settings):
    settings.SITE_NAME, settings.SITE_URL = "Fish & Sons", "https://shop.example"
    mail = mails.compose(
        template="core/mail/newsletter_confirm", to="a@example.com", context={"confirm_url": "https://x.example/?a&b"}
    )
    assert mail.subject == "Please confirm: the newsletter of Fish & Sons"
    assert mail.to == ["a@example.com"]
    assert "Fish & Sons\nhttps://shop.example/" in mail.body
    assert "https://x.example/?a&b\n" in mail.body
    html, kind = mail.alternatives[0]
    assert kind == "text/html"
    assert "Fish &amp; Sons" in html
    assert 'href="https://x.example/?a&amp;b"' in html
    assert "<title>Please confirm: the newsletter of Fish &amp; Sons</title>" in html


def test_the_signature_can_be_told_from_the_text():
    mail = mails.compose(
        template="core/mail/newsletter_welcome", to="a@example.com", context={"unsubscribe_url": "https://x.example/"}
    )
    assert "\n-- \n" in mail.body


def test_a_subject_is_one_line():
    assert mails.one_line(" a\r\n b\tc ") == "a b c"
