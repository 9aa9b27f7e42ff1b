"""A newsletter goes to each reader once, however often its jobs are begun again."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from core.models import Newsletter, NewsletterSubscription
from core.services import newsletter, newsletter_issues
from core.tests.factories import NewsletterSubscriptionFactory
from tasks import queues
from tasks.models import Job
from tasks.services import jobs, registry

pytestmark = pytest.mark.django_db
State = Newsletter.State


@pytest.fixture
def issue():
    body = (
        '<p>Hello <a href="/shop/">shop</a></p><p><img src="/media/a.png" alt=""></p><ul><li>One</li><li>Two</li></ul>'
    )
    return Newsletter.objects.create(subject="Autumn", body=body)


@pytest.fixture
def readers():
    confirmed = NewsletterSubscription.State.CONFIRMED
    NewsletterSubscriptionFactory.create(state=NewsletterSubscription.State.PENDING)
    NewsletterSubscriptionFactory.create(state=NewsletterSubscription.State.UNSUBSCRIBED)
    return [NewsletterSubscriptionFactory.create(state=confirmed) for _number in range(5)]


def address(name, issue):
    return reverse(f"admin:core_newsletter_{name}", args=[issue.pk])


def test_each_reader_gets_it_once_with_a_way_out(issue, readers, erin, outbox):
    newsletter_issues.send(issue=issue, by=erin)
    mails = outbox()
    assert sorted(mail["To"] for mail in mails) == sorted(reader.email for reader in readers)
    who = {reader.email: reader for reader in readers}
    for mail in mails:
        for text in (mail["List-Unsubscribe"], mail.get_body(("plain",)).get_content()):
            token = re.search(r"/newsletter/unsubscribe/([^/]+)/", text)[1]
            assert newsletter.unsubscribable(token=token) == who[mail["To"]]
    issue.refresh_from_db()
    assert (issue.state, issue.recipients) == (State.SENT, 5)
    assert issue.job.state == Job.State.DONE


def test_the_mail_reads_well_without_html_and_its_links_lead_somewhere(issue, readers, erin, outbox):
    newsletter_issues.send(issue=issue, by=erin)
    mail = outbox()[0]
    text = mail.get_body(("plain",)).get_content()
    assert text.startswith("Hello shop (http://testserver/shop/)\n\nOne\n\nTwo\n")
    html = mail.get_body(("html",)).get_content()
    assert 'src="http://testserver/media/a.png"' in html
    assert 'href="http://testserver/shop/"' in html


def test_a_job_that_is_begun_again_goes_on_and_doubles_nothing(issue, readers, erin, outbox, monkeypatch):
    monkeypatch.setattr(newsletter_issues, "CHUNK", 2)
    newsletter_issues.send(issue=issue, by=erin)

    def killed_after(current, total, message):
        if current == 4:
            raise SystemExit

    with pytest.raises(SystemExit):
        newsletter_issues.ask_for_each(newsletter_id=issue.pk, progress=killed_after)
    assert Job.objects.filter(kind=newsletter_issues.SEND_ONE).count() == 4
    newsletter_issues.ask_for_each(newsletter_id=issue.pk, progress=lambda *given: None)
    assert len(outbox()) == 5


def test_who_leaves_meanwhile_gets_nothing(issue, readers, erin, outbox):
    newsletter_issues.send(issue=issue, by=erin)
    jobs.run_due(limit=1)  # the readers have been gone through, no mail has left
    NewsletterSubscription.objects.filter(pk=readers[0].pk).update(state=NewsletterSubscription.State.UNSUBSCRIBED)
    assert len(outbox()) == 4


def test_thousands_wait_behind_everything_urgent():
    for kind in (newsletter_issues.SEND, newsletter_issues.SEND_ONE):
        assert registry.get(kind).queue == queues.BULK


def test_it_is_sent_once_and_not_to_nobody(issue, erin, readers):
    newsletter_issues.send(issue=issue, by=erin)
    with pytest.raises(newsletter_issues.NewsletterError, match="sent already"):
        newsletter_issues.send(issue=issue, by=erin)
    NewsletterSubscription.objects.all().delete()
    with pytest.raises(newsletter_issues.NewsletterError, match="Nobody has subscribed"):
        newsletter_issues.send(issue=Newsletter.objects.create(subject="Winter"), by=erin)


def test_staff_try_it_confirm_and_follow_it(client, issue, readers, erin, outbox):
    client.force_login(erin)
    page = client.get(address("change", issue)).text
    assert "Send a test to me" in page
    client.post(address("test", issue))
    [mail] = outbox()
    assert (mail["To"], mail["Subject"]) == (erin.email, "Test: Autumn")

    assert "Send it to 5 readers" in client.get(address("send", issue)).text
    issue.refresh_from_db()
    assert issue.state == State.DRAFT, "looking has sent nothing"
    answer = client.post(address("send", issue))
    issue.refresh_from_db()
    assert answer["Location"] == issue.job.get_absolute_url()
    assert client.get(answer["Location"]).status_code == 200
    page = client.get(address("change", issue)).text
    assert "Send to all readers" not in page
    assert 'name="_save"' not in page


def test_only_who_may_send_sends(client, issue, readers, bob, charlie):
    for person in (bob, charlie):
        client.force_login(person)
        for name in ("test", "send"):
            assert client.post(address(name, issue)).status_code in {302, 403}
    issue.refresh_from_db()
    assert issue.state == State.DRAFT
    assert not Job.objects.exists()
