"""Guest orders come into the account of who shows that the mailbox is theirs, and into no other."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from ecommerce.models import Order
from ecommerce.services import guest_orders
from ecommerce.tests.orders import a_paid_order, an_order
from users.models import CustomUser
from users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def confirm_link(mail) -> str:
    return re.search(r"http://testserver(/accounts/\S+)", mail.get_body(("plain",)).get_content()).group(1)


def sign_up(client, email):
    data = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    return client.post(reverse("account_signup"), data)


def owner(order) -> CustomUser | None:
    return Order.objects.get(pk=order.pk).user


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_come_into_the_account_once_the_address_is_confirmed_and_not_before(client, outbox):
    mine = [a_paid_order(email="new@example.com"), an_order(email="New@Example.COM")]
    others = [a_paid_order(email="charlie@example.com"), a_paid_order(email="newer@example.com")]
    sign_up(client, "new@example.com")
    [link] = [
        confirm_link(mail) for mail in outbox() if "confirm" in mail["Subject"].lower() and "/accounts/" in str(mail)
    ]
    client.get(link)
    assert {owner(order) for order in mine} == {None}, "reading the page is not enough"
    page = client.post(link, follow=True)
    user = CustomUser.objects.get()
    assert {owner(order) for order in mine} == {user}
    assert {owner(order) for order in others} == {None}
    assert "2 earlier orders were added to your account." in told(page)
    html = client.get(reverse("orders:list")).text
    assert all(order.number in html for order in mine)


def test_are_not_in_the_account_of_who_has_not_confirmed():
    user = UserFactory.create(email="new@example.com", verified=False)
    order = an_order(email="new@example.com")
    assert guest_orders.attach(user=user) == 0
    assert owner(order) is None


def test_placed_later_come_at_the_next_login(client, alice):
    order = an_order(email="alice@example.com")
    page = client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD}, follow=True)
    assert owner(order) == alice
    assert "1 earlier order was added to your account." in told(page)
    assert guest_orders.attach(user=alice) == 0


def test_a_login_without_any_says_nothing(client, alice):
    page = client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD}, follow=True)
    assert not [text for text in told(page) if "earlier" in text]


@pytest.mark.parametrize("email", ["al\N{KELVIN SIGN}e@example.com", "alke@ex\u00e4mple.com", "a_ke@example.com"])
def test_an_address_that_a_database_may_take_for_the_same_is_another(email):
    user = UserFactory.create(email="alke@example.com")
    order = an_order(email=email)
    assert guest_orders.attach(user=user) == 0
    assert owner(order) is None


def test_an_order_that_has_an_owner_keeps_it(alice, charlie):
    order = an_order(user=charlie, email="alice@example.com")
    assert guest_orders.attach(user=alice) == 0
    assert owner(order) == charlie


def test_a_changed_address_counts_once_confirmed_and_the_old_one_no_more(client, alice, outbox):
    before, new = an_order(email="alice@example.com"), an_order(email="moved@example.com")
    client.force_login(alice)
    assert owner(before) == alice
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"action_add": "", "email": "moved@example.com"})
    assert owner(new) is None
    link = next(confirm_link(mail) for mail in outbox() if mail["To"] == "moved@example.com")
    page = client.post(link, follow=True)
    assert "1 earlier order was added to your account." in told(page)
    assert owner(new) == alice
    assert owner(before) == alice, "what is in the account stays there"
    late = an_order(email="alice@example.com")
    assert guest_orders.attach(user=CustomUser.objects.get()) == 0
    assert owner(late) is None


def test_an_order_that_waits_for_its_payment_only_changes_its_owner(alice):
    order = an_order(email="alice@example.com")
    kept = Order.objects.values("state", "reservation", "reserved_until", "checkout_key", "total", "token")
    before = kept.get()
    assert guest_orders.attach(user=alice) == 1
    assert kept.get() == before
    event = order.events.get(what="attached")
    assert event.actor == alice


def test_costs_two_queries_where_there_is_nothing_to_do(alice, django_assert_num_queries):
    assert EmailAddress.objects.filter(user=alice, verified=True).count() == 1
    with django_assert_num_queries(4):  # a savepoint and its end, the addresses, the orders of the one there is
        guest_orders.attach(user=alice)
