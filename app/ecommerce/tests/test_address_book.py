"""Addresses that are saved once and filled in wherever one is asked for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.services.addresses import Address
from ecommerce.models import OrderAddress, SavedAddress
from ecommerce.services import address_book
from ecommerce.services.address_book import AddressBookFullError
from ecommerce.tests.orders import a_paid_order

pytestmark = pytest.mark.django_db

BERLIN = Address(name="Alice Example", street="Lindenweg 4", postal_code="10115", city="Berlin", country="DE")
WIEN = Address(name="Alice Example", street="Ring 1", postal_code="1010", city="Wien", country="AT")
LIST = reverse("addresses:list")


def sent(address: Address, **more: str) -> dict[str, str]:
    return {**{f"address-{name}": value for name, value in address.as_fields().items()}, "action": "save", **more}


def defaults(user) -> list[tuple[str, bool, bool]]:
    return [(each.city, each.is_delivery_default, each.is_invoice_default) for each in address_book.of(user)]


def test_an_empty_book_says_what_it_is_for(client, alice):
    client.force_login(alice)
    assert "are filled in at the checkout" in client.get(LIST).content.decode()


def test_the_first_is_the_default_of_both(client, alice):
    client.force_login(alice)
    assert client.post(reverse("addresses:add"), sent(BERLIN))["Location"] == LIST
    assert defaults(alice) == [("Berlin", True, True)]
    assert "Lindenweg 4" in client.get(LIST).content.decode()


def test_one_default_at_a_time_and_another_takes_over(alice):
    first = address_book.add(user=alice, address=BERLIN)
    second = address_book.add(user=alice, address=WIEN, for_delivery=True)
    assert defaults(alice) == [("Wien", True, False), ("Berlin", False, True)]
    address_book.remove(saved=second)
    first.refresh_from_db()
    assert defaults(alice) == [("Berlin", True, True)]
    address_book.remove(saved=first)
    assert defaults(alice) == []


def test_it_is_judged_by_the_rules_of_its_country_and_nothing_typed_is_lost(client, alice):
    client.force_login(alice)
    wrong = Address(**{**BERLIN.as_fields(), "postal_code": "1"})
    answer = client.post(reverse("addresses:add"), sent(wrong))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This is not a postal code" in page
    assert 'value="Lindenweg 4"' in page
    assert not SavedAddress.objects.exists()


def test_another_country_asks_for_other_fields_and_keeps_what_was_typed(client, alice):
    client.force_login(alice)
    page = client.post(reverse("addresses:add"), sent(BERLIN, **{"address-country": "US", "action": "update"}))
    assert page.status_code == 200
    assert "ZIP code" in page.content.decode()
    assert 'value="Lindenweg 4"' in page.content.decode()


def test_changing_or_deleting_one_changes_no_order(client, alice):
    order = a_paid_order(user=alice)
    before = list(OrderAddress.objects.filter(order=order).values())
    saved = address_book.add(user=alice, address=BERLIN)
    client.force_login(alice)
    client.post(reverse("addresses:change", args=[saved.pk]), sent(WIEN, for_delivery="on"))
    assert defaults(alice) == [("Wien", True, False)]
    assert "Delete this address?" in client.get(reverse("addresses:remove", args=[saved.pk])).content.decode()
    assert SavedAddress.objects.exists()
    client.post(reverse("addresses:remove", args=[saved.pk]))
    assert not SavedAddress.objects.exists()
    assert list(OrderAddress.objects.filter(order=order).values()) == before


@pytest.mark.parametrize("page", ["change", "remove"])
def test_nobody_sees_or_touches_anothers(client, alice, charlie, page):
    saved = address_book.add(user=alice, address=BERLIN)
    client.force_login(charlie)
    for ask in (client.get, client.post):
        assert ask(reverse(f"addresses:{page}", args=[saved.pk])).status_code == 404
    client.logout()
    assert client.get(reverse(f"addresses:{page}", args=[saved.pk])).status_code == 302


def test_a_full_book_says_so(client, alice, monkeypatch):
    monkeypatch.setattr(address_book, "MOST", 1)
    address_book.add(user=alice, address=BERLIN)
    with pytest.raises(AddressBookFullError):
        address_book.add(user=alice, address=WIEN)
    address_book.remember(user=alice, address=WIEN)
    client.force_login(alice)
    client.post(reverse("addresses:add"), sent(WIEN))
    assert defaults(alice) == [("Berlin", True, True)]
    assert "delete one first" in client.get(LIST).content.decode()


def test_what_is_there_already_is_not_saved_twice(alice):
    address_book.add(user=alice, address=BERLIN)
    address_book.remember(user=alice, address=Address(**{**BERLIN.as_fields(), "street": "  Lindenweg   4 "}))
    address_book.remember(user=alice, address=WIEN)
    assert [city for city, *_rest in defaults(alice)] == ["Berlin", "Wien"]
