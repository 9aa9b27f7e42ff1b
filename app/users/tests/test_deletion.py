"""The end of an account: meant, put off, taken back, and then done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from core.models import ContactMessage, NewsletterSubscription
from ecommerce.models import Cart, Invoice, Order
from ecommerce.services import forgetting
from ecommerce.tests.orders import a_paid_order
from users.models import AccountDeletion, CustomUser
from users.services import deletion

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def logged_in(client, alice):
    """And the password was given once more, just now."""
    alice.set_password(PASSWORD)
    alice.save()
    answer = client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert answer.status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def make_due() -> None:
    AccountDeletion.objects.update(due=timezone.now())


def test_it_is_asked_for_with_a_tick_and_taken_back_from_the_mail(logged_in, alice, outbox):
    page = reverse("users:delete")
    assert "invoices as they were issued" in logged_in.get(page).content.decode()
    refused = logged_in.post(page)
    assert refused.status_code == 400
    assert "tick the box" in refused.content.decode()
    assert not AccountDeletion.objects.exists()

    assert logged_in.post(page, {"understood": "on"})["Location"] == reverse("users:privacy")
    assert "will be deleted on" in logged_in.get(reverse("users:privacy")).content.decode()
    [mail] = [mail for mail in outbox() if "will be deleted" in mail["Subject"]]
    link = re.search(r"http://testserver(/\S+keep\S+)", mail.get_body(("plain",)).get_content())[1]
    logged_in.logout()
    assert "Keep your account?" in logged_in.get(link).content.decode()
    assert AccountDeletion.objects.exists(), "looking changes nothing"
    logged_in.post(link)
    assert not AccountDeletion.objects.exists()
    assert any("your account stays" in mail["Subject"] for mail in outbox())
    assert logged_in.get(link).status_code == 404


def test_nobody_without_the_password_asks_for_it(client, alice):
    client.force_login(alice)
    answer = client.post(reverse("users:delete"), {"understood": "on"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not AccountDeletion.objects.exists()


def test_staff_cannot_delete_themselves(bob):
    with pytest.raises(deletion.StaffAccountError):
        deletion.request(user=bob)


def test_nothing_happens_before_its_time(alice):
    deletion.request(user=alice)
    assert deletion.ask_for_due() == 0
    assert deletion.perform(user_id=alice.pk) == "taken back"
    assert CustomUser.objects.filter(pk=alice.pk).exists()


def test_in_time_all_goes_that_need_not_stay(alice, outbox):
    order = a_paid_order(user=alice)
    Cart.objects.create(user=alice)
    ContactMessage.objects.create(name="A", email=alice.email, subject="Mine", message="Hello")
    NewsletterSubscription.objects.create(email=alice.email)
    invoice = order.invoices.get()
    deletion.request(user=alice)
    make_due()
    assert deletion.ask_for_due() == 1
    assert deletion.ask_for_due() == 1, "asked twice it is the same job"
    mails = outbox()
    assert any("has been deleted" in mail["Subject"] for mail in mails)
    assert not CustomUser.objects.filter(email=alice.email).exists()
    for model in (Cart, ContactMessage, NewsletterSubscription, AccountDeletion):
        assert not model.objects.exists()
    order.refresh_from_db()
    assert (order.user, order.email) == (None, alice.email), "it is still to be sent"
    assert Invoice.objects.get().content == invoice.content


def test_who_became_staff_meanwhile_is_not_deleted(alice):
    deletion.request(user=alice)
    make_due()
    CustomUser.objects.filter(pk=alice.pk).update(is_staff=True)
    assert deletion.perform(user_id=alice.pk) == "has become staff"
    assert CustomUser.objects.filter(pk=alice.pk).exists()


def test_who_was_staff_stays_in_the_log_without_a_name(alice, outbox):
    LogEntry.objects.create(user=alice, action_flag=2, object_repr="Order 7")
    alice.groups.add(Group.objects.create(name="Former"))
    deletion.request(user=alice)
    make_due()
    assert deletion.perform(user_id=alice.pk).startswith("emptied")
    left = CustomUser.objects.get(pk=alice.pk)
    assert (left.email, left.get_full_name()) == (f"account-{alice.pk}@forgotten.invalid", "")
    assert not left.is_active
    assert not left.has_usable_password()
    assert not left.groups.exists()
    assert LogEntry.objects.get().user == left
    assert not AccountDeletion.objects.exists()


def ended(order: Order, *, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    Order.objects.filter(pk=order.pk).update(state=Order.State.COMPLETED, modified=then)


def test_the_buyer_is_forgotten_once_the_order_has_ended(alice):
    order, waiting, recent = (a_paid_order(user=alice) for _number in range(3))
    forgetting.release(user=alice)
    ended(order, days=31)
    ended(recent, days=29)
    assert forgetting.forget_due() == 1
    order.refresh_from_db()
    assert order.email.endswith("@forgotten.invalid")
    assert {address.name for address in order.addresses.all()} == {""}
    assert str(order.addresses.first().country) == "DE"
    assert order.total > 0
    for other in (waiting, recent):
        other.refresh_from_db()
        assert other.forgotten_at is None
    assert forgetting.forget_due() == 0


def test_after_the_years_every_buyer_is_forgotten(settings):
    settings.BUYER_RETENTION_YEARS = 10
    old, young = a_paid_order(), a_paid_order()
    for order, years in ((old, 11), (young, 9)):
        ended(order, days=31)
        Order.objects.filter(pk=order.pk).update(created=timezone.now() - timedelta(days=366 * years))
    assert forgetting.forget_due() == 1
    young.refresh_from_db()
    assert young.forgotten_at is None
