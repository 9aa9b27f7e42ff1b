"""What staff can do with one click, and who cannot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from core.models import BlogPost, ContactMessage, NewsletterSubscription
from core.tests.factories import (
    BlogPostFactory,
    ContactMessageFactory,
    NewsletterSubscriptionFactory,
    PageFactory,
    TestimonialFactory,
)
from ecommerce.models import Product
from ecommerce.tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def _act(client, action: str, *things):
    meta = things[0]._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return client.post(url, {"action": action, "_selected_action": [thing.pk for thing in things]})


def _messages(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Publishing


@pytest.mark.parametrize("number", [1, 3])
def test_publishes_drafts_and_says_how_many(client, erin, number) -> None:
    drafts = BlogPostFactory.create_batch(number, draft=True)
    client.force_login(erin)
    response = _act(client, "publish", *drafts)
    assert _messages(response) == ["1 blog post published." if number == 1 else "3 blog posts published."]
    assert BlogPost.objects.published().count() == number
    assert LogEntry.objects.filter(user=erin).count() == number


def test_publishing_keeps_a_date_ahead_and_says_so(client, erin) -> None:
    later = timezone.now() + timedelta(days=3)
    drafts = [BlogPostFactory.create(draft=True), BlogPostFactory.create(draft=True, activate_date=later)]
    client.force_login(erin)
    response = _act(client, "publish", *drafts)
    assert _messages(response) == ["1 blog post published.", "1 blog post scheduled, as the date lies ahead."]
    assert BlogPost.objects.scheduled().get().activate_date == later


def test_publishing_what_is_published_changes_nothing(client, erin) -> None:
    post = BlogPostFactory.create()
    client.force_login(erin)
    assert _messages(_act(client, "publish", post)) == ["0 blog posts published."]
    assert not LogEntry.objects.exists()


def test_unpublishes(client, erin) -> None:
    post = BlogPostFactory.create()
    client.force_login(erin)
    assert _messages(_act(client, "unpublish", post)) == ["1 blog post unpublished."]
    assert not BlogPost.objects.published().exists()


@pytest.mark.parametrize("factory", [PageFactory, TestimonialFactory], ids=["page", "testimonial"])
def test_pages_and_testimonials_are_published_too(client, erin, factory) -> None:
    thing = factory.create(status=BlogPost.INACTIVE_STATUS)
    client.force_login(erin)
    _act(client, "publish", thing)
    thing.refresh_from_db()
    assert thing.is_published


def test_shop_staff_publish_products(client, bob) -> None:
    product = ProductFactory.create(draft=True)
    client.force_login(bob)
    assert _messages(_act(client, "publish", product)) == ["1 product published."]
    assert Product.objects.published().exists()


@pytest.mark.parametrize("person", ["alice", "bob", "dave", None])
def test_only_editors_publish_posts(client, request, person) -> None:
    post = BlogPostFactory.create(draft=True)
    if person:
        client.force_login(request.getfixturevalue(person))
    assert _act(client, "publish", post).status_code in {302, 403}
    post.refresh_from_db()
    assert not post.is_published


@pytest.mark.parametrize("person", ["alice", "erin", "dave", None])
def test_only_shop_staff_publish_products(client, request, person) -> None:
    product = ProductFactory.create(draft=True)
    if person:
        client.force_login(request.getfixturevalue(person))
    _act(client, "publish", product)
    product.refresh_from_db()
    assert not product.is_published


# --- Contact messages


def test_support_marks_messages_as_handled(client, dave) -> None:
    first, second = ContactMessageFactory.create_batch(2)
    client.force_login(dave)
    assert _messages(_act(client, "mark_handled", first)) == ["1 message marked as handled."]
    _act(client, "mark_handled", first, second)
    assert set(ContactMessage.objects.values_list("handled_by", flat=True)) == {dave.pk}
    assert LogEntry.objects.filter(user=dave).count() == 2


def test_who_handled_a_message_first_is_kept(client, dave, root) -> None:
    message = ContactMessageFactory.create(handled_at=timezone.now(), handled_by=root)
    client.force_login(dave)
    _act(client, "mark_handled", message)
    message.refresh_from_db()
    assert message.handled_by == root


def test_handled_message_can_be_opened_again(client, dave) -> None:
    message = ContactMessageFactory.create(handled_at=timezone.now(), handled_by=dave)
    client.force_login(dave)
    assert _messages(_act(client, "reopen", message)) == ["1 message is open again."]
    message.refresh_from_db()
    assert (message.handled_at, message.handled_by) == (None, None)


def test_message_is_marked_on_its_page_and_nothing_else_of_it_changes(client, dave) -> None:
    message = ContactMessageFactory.create()
    client.force_login(dave)
    url = reverse("admin:core_contactmessage_change", args=[message.pk])
    client.post(url, {"handled": "on", "subject": "Changed", "message": "Changed"})
    message.refresh_from_db()
    assert message.handled_by == dave
    assert message.subject == "A question"
    client.post(url, {})
    message.refresh_from_db()
    assert message.handled_at is None


def test_message_has_a_link_to_answer_it(client, dave) -> None:
    message = ContactMessageFactory.create(email="zoe@example.com", subject="Parcel & more")
    client.force_login(dave)
    page = client.get(reverse("admin:core_contactmessage_change", args=[message.pk])).content.decode()
    assert 'href="mailto:zoe%40example.com?subject=Re%3A%20Parcel%20%26%20more"' in page


@pytest.mark.parametrize("person", ["alice", "bob", "erin", None])
def test_only_support_handles_messages(client, request, person) -> None:
    message = ContactMessageFactory.create()
    if person:
        client.force_login(request.getfixturevalue(person))
    _act(client, "mark_handled", message)
    message.refresh_from_db()
    assert message.handled_at is None


# --- Newsletter


def _export(client) -> str:
    response = _act(client, "export", *NewsletterSubscription.objects.all())
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(response.streaming_content).decode()


def test_exports_the_confirmed_addresses(client, erin) -> None:
    confirmed_at = timezone.now().replace(year=2026, month=3, day=1, hour=9, minute=0, second=0, microsecond=0)
    NewsletterSubscriptionFactory.create(email="pending@example.com")
    NewsletterSubscriptionFactory.create(email="gone@example.com", state="unsubscribed")
    NewsletterSubscriptionFactory.create(email="reader@example.com", state="confirmed", confirmed_at=confirmed_at)
    client.force_login(erin)
    assert _export(client) == "email,confirmed\r\nreader@example.com,2026-03-01T09:00:00+00:00\r\n"


def test_address_like_a_formula_is_not_run_by_a_spreadsheet(client, erin) -> None:
    NewsletterSubscriptionFactory.create(email="=1+1@example.com", state="confirmed")
    client.force_login(erin)
    assert "'=1+1@example.com," in _export(client)


def test_support_unsubscribes_who_asks(client, dave) -> None:
    reader = NewsletterSubscriptionFactory.create(state="confirmed")
    gone = NewsletterSubscriptionFactory.create(state="unsubscribed")
    client.force_login(dave)
    assert _messages(_act(client, "unsubscribe", reader, gone)) == ["1 address unsubscribed."]
    reader.refresh_from_db()
    assert reader.state == "unsubscribed"
    assert reader.unsubscribed_at is not None


def test_editors_read_the_newsletter_but_unsubscribe_nobody(client, erin) -> None:
    reader = NewsletterSubscriptionFactory.create(state="confirmed")
    client.force_login(erin)
    _act(client, "unsubscribe", reader)
    reader.refresh_from_db()
    assert reader.state == "confirmed"


def test_state_of_a_subscription_cannot_be_typed(client, root) -> None:
    reader = NewsletterSubscriptionFactory.create()
    client.force_login(root)
    client.post(reverse("admin:core_newslettersubscription_change", args=[reader.pk]), {"state": "confirmed"})
    reader.refresh_from_db()
    assert reader.state == "pending"


@pytest.mark.parametrize("person", ["alice", "bob", None])
def test_others_export_nothing(client, request, person) -> None:
    reader = NewsletterSubscriptionFactory.create(state="confirmed")
    if person:
        client.force_login(request.getfixturevalue(person))
    response = _act(client, "export", reader)
    assert response.status_code in {302, 403}
