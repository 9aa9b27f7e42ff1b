from __future__ import annotations

import pytest

from core.services import addresses
from core.services.addresses import Address, AddressError

GOOD = {
    "DE": Address(name="A", street="Weg 1", postal_code="10115", city="Berlin", country="DE"),
    "GB": Address(name="A", street="1 High St", postal_code="EC1Y 8SY", city="London", country="GB"),
    "US": Address(name="A", street="1 Road", postal_code="95014", city="Cupertino", region="CA", country="US"),
    "IE": Address(name="A", street="1 Road", city="Cork", country="IE"),
    "AE": Address(name="A", street="1 Road", region="Dubai", country="AE"),
    "PL": Address(name="A", street="ul. Długa 1", postal_code="00-950", city="Łódź", country="PL"),
    "JP": Address(name="A", street="1-2", postal_code="150-0002", city="Shibuya", region="Tokyo", country="JP"),
}


def errors(address: Address) -> dict[str, str]:
    with pytest.raises(AddressError) as caught:
        addresses.clean(address)
    return caught.value.errors


def changed(kind: str, /, **fields: str) -> Address:
    return Address(**{**GOOD[kind].as_fields(), **fields})


@pytest.mark.parametrize("country", GOOD)
def test_a_good_address_passes_and_is_itself_again(country):
    clean = addresses.clean(GOOD[country])
    assert addresses.clean(clean) == clean


def test_it_is_kept_tidy():
    typed = changed("US", country="us", region="california", postal_code=" 95014 ", name="  Ann \n Lee ")
    assert addresses.clean(typed) == changed("US", name="Ann Lee")
    assert addresses.clean(changed("GB", postal_code="ec1y  8sy")).postal_code == "EC1Y 8SY"


@pytest.mark.parametrize(
    ("country", "field"),
    [
        ("DE", "name"),
        ("DE", "street"),
        ("DE", "postal_code"),
        ("DE", "city"),
        ("GB", "postal_code"),
        ("US", "region"),
        ("AE", "region"),
        ("JP", "region"),
    ],
)
def test_what_a_country_requires_is_named_by_its_field(country, field):
    assert list(errors(changed(country, **{field: " "}))) == [field]


@pytest.mark.parametrize(
    ("country", "fields", "field"),
    [
        ("DE", {"postal_code": "1011"}, "postal_code"),
        ("DE", {"postal_code": "ABCDE"}, "postal_code"),
        ("GB", {"postal_code": "GIR 0AA-and-more"}, "postal_code"),
        ("US", {"postal_code": "10115"}, "postal_code"),  # New York's
        ("US", {"region": "Narnia"}, "region"),
        ("IE", {"postal_code": "1"}, "postal_code"),
        ("DE", {"country": "XX"}, "country"),
        ("DE", {"country": ""}, "country"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(country, fields, field):
    assert list(errors(changed(country, **fields))) == [field]


def test_all_mistakes_are_told_at_once():
    assert set(errors(Address(country="DE"))) == {"name", "street", "postal_code", "city"}


def test_a_wrong_postal_code_says_what_one_looks_like():
    assert "26133" in errors(changed("DE", postal_code="1"))["postal_code"]


def test_every_country_of_the_list_has_rules_and_can_be_written_down():
    for country, name in addresses.country_choices():
        assert addresses.rules(country).country == country
        assert addresses.lines(Address(name="A", street="1 Road", city="Town", country=country))[-1] == name


def test_an_address_is_written_in_the_order_of_its_country():
    assert addresses.lines(GOOD["DE"]) == ["A", "Weg 1", "10115 BERLIN", "Germany"]
    assert addresses.lines(GOOD["US"])[-2:] == ["CUPERTINO, CA 95014", "United States of America"]
    flat = changed("GB", company="C Ltd", street_extra="Flat 2")
    assert addresses.lines(flat) == ["A", "C Ltd", "1 High St", "Flat 2", "LONDON", "EC1Y 8SY", "United Kingdom"]


def test_a_field_that_a_country_does_not_know_is_not_kept():
    assert addresses.clean(changed("DE", region="Brandenburg")).region == ""


def test_labels_are_those_of_the_country():
    assert addresses.rules("US").labels["postal_code"] == "ZIP code"
    assert addresses.rules("US").labels["region"] == "State"
    assert ("CA", "California") in addresses.rules("US").regions
