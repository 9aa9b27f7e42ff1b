from __future__ import annotations

from email.mime.image import MIMEImage
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, get_connection, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from tasks import mail
from tasks.models import Job
from tasks.services import jobs

ALICE = "alice@example.com"


class FakeSmtp(BaseEmailBackend):
    """Fails with `error` if there is one, and remembers what it was given."""

    error: Exception | None = None
    given: list[EmailMessage] = []

    def send_messages(self, email_messages):
        FakeSmtp.given.extend(email_messages)
        if FakeSmtp.error:
            raise FakeSmtp.error
        return len(email_messages)


@pytest.fixture
def smtp(settings, db, monkeypatch):
    settings.EMAIL_BACKEND = "tasks.mail.QueuedEmailBackend"
    settings.MAIL_TRANSPORT = f"{FakeSmtp.__module__}.FakeSmtp"
    monkeypatch.setattr("django.core.mail.import_string", lambda path: _backend(path))
    monkeypatch.setattr(FakeSmtp, "error", None)
    monkeypatch.setattr(FakeSmtp, "given", [])
    return FakeSmtp


def _backend(path):
    return FakeSmtp if path.endswith("FakeSmtp") else getattr(mail, path.rpartition(".")[2])


def test_a_mail_is_a_job_until_it_has_left(outbox):
    send_mail("Your order", "Thank you – €24.00", "shop@example.com", [ALICE])
    job = Job.objects.get()
    assert (job.kind, job.queue, job.state) == ("mail.send", "io", Job.State.QUEUED)
    (message,) = outbox()
    assert message["Subject"] == "Your order"
    assert message["To"] == ALICE
    assert message.get_body().get_content().strip() == "Thank you – €24.00"
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_no_mail_leaves_when_its_cause_is_rolled_back(outbox):
    def order_and_fail():
        with transaction.atomic():
            send_mail("Your order", "Thank you", None, [ALICE])
            raise LookupError

    with pytest.raises(LookupError):
        order_and_fail()
    assert outbox() == []


def test_everything_of_a_message_arrives(outbox):
    message = EmailMultiAlternatives(
        "Invoice “7”",
        "In plain words",
        "Hearth & Morrow <shop@example.com>",
        [ALICE, "bob@example.com"],
        cc=["charlie@example.com"],
        bcc=["hidden@example.com"],
        reply_to=["support@example.com"],
        headers={"List-Unsubscribe": "<https://example.com/u>"},
    )
    message.attach_alternative("<p>In <b>HTML</b></p>", "text/html")
    message.attach("invoice.pdf", b"%PDF-\x00\xff", "application/pdf")
    message.attach("note.txt", "Grüße\n", "text/plain")
    picture = MIMEImage(b"\x89PNG", "png")
    picture.add_header("Content-ID", "<logo>")
    message.attach(picture)
    assert message.send() == 1
    (arrived,) = outbox()
    assert arrived["Subject"] == "Invoice “7”"
    assert arrived["From"].addresses[0].display_name == "Hearth & Morrow"
    assert (arrived["Cc"], arrived["Reply-To"]) == ("charlie@example.com", "support@example.com")
    assert arrived["List-Unsubscribe"] == "<https://example.com/u>"
    assert arrived["Bcc"] is None
    assert "hidden@example.com" in arrived["X-Envelope-To"]
    assert arrived.get_body(("plain",)).get_content().strip() == "In plain words"
    assert arrived.get_body(("html",)).get_content().strip() == "<p>In <b>HTML</b></p>"
    pdf, note, logo = arrived.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()) == ("invoice.pdf", b"%PDF-\x00\xff")
    assert (note.get_filename(), note.get_content().strip()) == ("note.txt", "Grüße")
    assert (logo["Content-ID"], logo.get_content()) == ("<logo>", b"\x89PNG")


def test_an_html_only_message_stays_html(outbox):
    message = EmailMessage("Hello", "<p>Hello</p>", None, [ALICE])
    message.content_subtype = "html"
    message.send()
    assert outbox()[0].get_content_type() == "text/html"


def test_every_attempt_carries_the_same_message_id_and_date(smtp, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda low, high: 0)
    smtp.error = SMTPServerDisconnected("gone")
    send_mail("Hello", "Hello", None, [ALICE])
    jobs.run_due()
    smtp.error = None
    jobs.run_due()
    first, second = (message.message() for message in smtp.given)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@testserver>")
    assert first["Date"] == second["Date"]
    assert Job.objects.get().state == Job.State.DONE


def test_a_mail_server_that_is_down_is_tried_eight_times(smtp, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda low, high: 0)
    smtp.error = SMTPServerDisconnected("gone")
    send_mail("Hello", "Hello", None, [ALICE])
    while jobs.run_due():
        pass
    job = Job.objects.get()
    assert (len(smtp.given), job.state) == (8, Job.State.FAILED)
    assert job.arguments["message"]["body"] == "Hello", "kept, so that staff can retry it"


def test_recipients_that_do_not_exist_are_not_tried_again(smtp):
    smtp.error = SMTPRecipientsRefused({ALICE: (550, b"No such user")})
    send_mail("Hello", "Hello", None, [ALICE])
    jobs.run_due()
    job = Job.objects.get()
    assert (job.state, job.attempts) == (Job.State.FAILED, 1)
    assert "No such user" in job.error


def test_recipients_refused_for_now_are_tried_again(smtp):
    smtp.error = SMTPRecipientsRefused({ALICE: (451, b"Greylisted")})
    send_mail("Hello", "Hello", None, [ALICE])
    jobs.run_due()
    assert Job.objects.get().state == Job.State.QUEUED


def test_once_sent_only_the_head_of_a_mail_is_kept(outbox):
    send_mail("Reset your password", "https://example.com/secret", None, [ALICE])
    outbox()
    kept = Job.objects.get().arguments["message"]
    assert set(kept) == {"subject", "to", "headers"}


def test_refuses_more_than_a_job_can_hold(outbox):
    message = EmailMessage("The catalogue", "Attached", None, [ALICE])
    message.attach("catalogue.pdf", b"x" * (8 * 1024 * 1024), "application/pdf")
    with pytest.raises(mail.MailTooLarge, match=r"“The catalogue” takes 10\.7 MB .* 10 MB are allowed"):
        message.send()
    assert not Job.objects.exists()


def test_a_header_that_could_never_be_sent_is_refused_at_once(outbox):
    with pytest.raises(BadHeaderError):
        send_mail("Hello\nBcc: everybody@example.com", "Hello", None, [ALICE])
    send_mail("Hello\nBcc: everybody@example.com", "Hello", None, [ALICE], fail_silently=True)
    assert not Job.objects.exists()


def test_a_mail_to_nobody_is_no_job(outbox):
    assert EmailMessage("Hello", "Hello", None, []).send() == 0
    assert not Job.objects.exists()


def test_many_mails_keep_their_order(outbox):
    connection = get_connection()
    connection.send_messages([EmailMessage(f"Mail {n}", "", None, [ALICE]) for n in range(12)])
    assert [message["Subject"] for message in outbox()] == [f"Mail {n}" for n in range(12)]
