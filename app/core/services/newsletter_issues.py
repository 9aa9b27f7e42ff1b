"""Sending a newsletter: in chunks, to each reader once, behind everything that is urgent.

Two kinds of jobs, both of the queue for bulk. The first goes through the readers and asks for a mail for each, whose
key is newsletter and reader: however often it is begun again, a reader has one. The second writes and sends that mail,
if its reader has not left meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Newsletter, NewsletterSubscription
from core.richtext import plain_text
from core.services import mails, newsletter
from tasks.services import jobs

SEND = "core.send_newsletter"
SEND_ONE = "core.send_newsletter_to"
CHUNK = 200

Progress = Callable[[int, int, str], None]
State = Newsletter.State


class NewsletterError(Exception):
    """What was asked for is not possible; the message is for staff."""


def readers() -> int:
    return NewsletterSubscription.objects.filter(state=NewsletterSubscription.State.CONFIRMED).count()


@transaction.atomic
def send(*, issue: Newsletter, by: Any) -> Newsletter:
    """Ask for the newsletter to be sent to everybody. Raises NewsletterError where it has been, or nobody reads it."""
    issue = Newsletter.objects.select_for_update().get(pk=issue.pk)
    if issue.state != State.DRAFT:
        raise NewsletterError(_("This newsletter has been sent already."))
    if not readers():
        raise NewsletterError(_("Nobody has subscribed to the newsletter yet."))
    issue.state = State.SENDING
    issue.job = jobs.enqueue(SEND, key=str(issue.pk), owner=by, newsletter_id=issue.pk)
    issue.save(update_fields=["state", "job", "modified"])
    return issue


def send_test(*, issue: Newsletter, to: str) -> None:
    """Mail it as it is now to one address, marked as a test."""
    message = _composed(issue, to, unsubscribe_url=settings.SITE_URL)
    message.subject = _("Test: %s") % message.subject
    message.send()


def ask_for_each(*, newsletter_id: int, progress: Progress) -> int:
    """Ask for a mail to each reader, some hundred in a transaction; how many. Begun again, it goes on."""
    issue = Newsletter.objects.get(pk=newsletter_id)
    confirmed = NewsletterSubscription.objects.filter(state=NewsletterSubscription.State.CONFIRMED).order_by("pk")
    total, done, last = confirmed.count(), 0, 0
    while chunk := list(confirmed.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        progress(done, total, _("Handing over to the mail server’s queue"))
        with transaction.atomic():
            for pk in chunk:
                jobs.enqueue(SEND_ONE, key=f"{issue.pk}-{pk}", newsletter_id=issue.pk, subscription_id=pk)
        done, last = done + len(chunk), chunk[-1]
    Newsletter.objects.filter(pk=issue.pk).update(state=State.SENT, sent_at=timezone.now(), recipients=done)
    progress(done, total, "")
    return done


def send_one(*, newsletter_id: int, subscription_id: int) -> bool:
    """Send it to one reader; not where they have left, or are gone."""
    confirmed = NewsletterSubscription.objects.filter(state=NewsletterSubscription.State.CONFIRMED)
    reader = confirmed.filter(pk=subscription_id).first()
    issue = Newsletter.objects.filter(pk=newsletter_id).first()
    if reader is None or issue is None:
        return False
    message = _composed(issue, reader.email, unsubscribe_url=newsletter.unsubscribe_url(reader))
    # The same at every attempt: a mail that leaves twice, since its worker died in between, is known to be one.
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    message.extra_headers |= newsletter.mail_headers(reader)
    message.extra_headers["Message-ID"] = f"<newsletter-{issue.pk}-{reader.pk}@{host}>"
    get_connection(settings.MAIL_TRANSPORT).send_messages([message])
    return True


def _composed(issue: Newsletter, to: str, *, unsubscribe_url: str) -> EmailMultiAlternatives:
    context = {
        "issue": issue,
        "html": _with_whole_addresses(issue.body),
        "text": _as_text(issue.body),
        "unsubscribe_url": unsubscribe_url,
    }
    return mails.compose(template="core/mail/newsletter", to=to, context=context, language="")


def _with_whole_addresses(body: str) -> str:
    """A mail has no page that a link could be relative to."""
    return re.sub(r'\b(href|src)="/(?!/)', rf'\1="{settings.SITE_URL}/', body)


def _as_text(body: str) -> str:
    """Paragraphs apart, and where a link leads behind its words."""
    linked = re.sub(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', r"\2 (\1)", _with_whole_addresses(body), flags=re.DOTALL)
    parts = re.split(r"</(?:p|h\d|li|blockquote|tr|pre|figure)>|<(?:br|hr)[^>]*>", linked)
    return "\n\n".join(filter(None, (plain_text(part) for part in parts)))
