"""The newsletter's subscriptions: asked for, confirmed by a link in a mail, left with one click.

Nothing here tells a caller whether an address was known before.
"""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.models import NewsletterSubscription
from core.services import mails
from core.site_address import absolute

State = NewsletterSubscription.State

CONFIRM_SALT = "core.newsletter.confirm"
UNSUBSCRIBE_SALT = "core.newsletter.unsubscribe"
CONFIRM_SECONDS = 7 * 24 * 3600


class BadToken(Exception):  # noqa: N818  # named like the thing it speaks of
    """The link is not one of ours, was altered, is too old, or its subscription is gone."""


@transaction.atomic
def subscribe(*, email: str) -> None:
    """Ask the address to confirm, unless it is subscribed already."""
    subscription = _get_or_create(email.strip().lower())
    if subscription.state == State.CONFIRMED:
        return
    if subscription.state == State.UNSUBSCRIBED:
        subscription.state = State.PENDING
        subscription.save(update_fields=["state", "modified"])
    token = signing.dumps(subscription.pk, salt=CONFIRM_SALT)
    address = absolute(reverse("core:newsletter_confirm", kwargs={"token": token}))
    mails.send(template="core/mail/newsletter_confirm", to=subscription.email, context={"confirm_url": address})


@transaction.atomic
def confirm(*, token: str) -> NewsletterSubscription:
    """Subscribe for good. The second time it changes nothing. Raises BadToken. Locks the subscription."""
    subscription = _locked(confirmable(token=token).pk)
    if subscription.state == State.CONFIRMED:
        return subscription
    subscription.state = State.CONFIRMED
    subscription.confirmed_at = timezone.now()
    subscription.unsubscribed_at = None
    subscription.save(update_fields=["state", "confirmed_at", "unsubscribed_at", "modified"])
    _send_welcome(subscription)
    return subscription


@transaction.atomic
def unsubscribe(*, token: str) -> NewsletterSubscription:
    """Never mail this address again, unless it asks anew. The second time it changes nothing. Raises BadToken."""
    subscription = _locked(unsubscribable(token=token).pk)
    if subscription.state == State.UNSUBSCRIBED:
        return subscription
    subscription.state = State.UNSUBSCRIBED
    subscription.unsubscribed_at = timezone.now()
    subscription.save(update_fields=["state", "unsubscribed_at", "modified"])
    return subscription


def unsubscribe_all(subscriptions: QuerySet[NewsletterSubscription]) -> int:
    """For those who asked us by other ways than the link; returns how many were still subscribed or waiting."""
    now = timezone.now()
    subscribed = subscriptions.exclude(state=State.UNSUBSCRIBED)
    return subscribed.update(state=State.UNSUBSCRIBED, unsubscribed_at=now, modified=now)


def state_of(*, email: str) -> str:
    """One of the states, or nothing for an address that never asked. Only its owner may be told."""
    found = NewsletterSubscription.objects.filter(email=email.lower()).values_list("state", flat=True)
    return found.first() or ""


def unsubscribe_address(*, email: str) -> None:
    """For its owner, who is logged in and therefore needs no link."""
    unsubscribe_all(NewsletterSubscription.objects.filter(email=email.lower()))


def confirmable(*, token: str) -> NewsletterSubscription:
    """Whose confirmation this link is. Raises BadToken."""
    return _by_token(token, salt=CONFIRM_SALT, seconds=CONFIRM_SECONDS)


def unsubscribable(*, token: str) -> NewsletterSubscription:
    """Whose way out this link is. It works for ever: an old newsletter must be as easy to leave. Raises BadToken."""
    return _by_token(token, salt=UNSUBSCRIBE_SALT, seconds=None)


def unsubscribe_url(subscription: NewsletterSubscription) -> str:
    token = signing.dumps(subscription.pk, salt=UNSUBSCRIBE_SALT)
    return absolute(reverse("core:newsletter_unsubscribe", kwargs={"token": token}))


def mail_headers(subscription: NewsletterSubscription) -> dict[str, str]:
    """The headers by which mail programs show their own unsubscribe button (RFC 8058). Every newsletter needs them."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(subscription)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _send_welcome(subscription: NewsletterSubscription) -> None:
    mails.send(
        template="core/mail/newsletter_welcome",
        to=subscription.email,
        context={"unsubscribe_url": unsubscribe_url(subscription)},
        headers=mail_headers(subscription),
    )


def _get_or_create(email: str) -> NewsletterSubscription:
    """The subscription, locked."""
    # Two requests at once make one row: get_or_create reads the row of the other where its own is refused.
    subscription, _created = NewsletterSubscription.objects.get_or_create(email=email)
    return _locked(subscription.pk)


def _locked(pk: int) -> NewsletterSubscription:
    return NewsletterSubscription.objects.select_for_update().get(pk=pk)


def _by_token(token: str, *, salt: str, seconds: int | None) -> NewsletterSubscription:
    try:
        pk = signing.loads(token, salt=salt, max_age=seconds)
        return NewsletterSubscription.objects.get(pk=pk)
    except (signing.BadSignature, NewsletterSubscription.DoesNotExist) as error:
        raise BadToken("This link is not valid, or not any more.") from error
