"""What the checkout asks: one page, three forms, sent together."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from core.services import addresses
from core.services.addresses import Address
from ecommerce.models import OrderAddress, ShippingMethod
from ecommerce.services import shipping

Initial = Mapping[str, Any]

# What a browser may fill in by itself; the kind of address stands before it.
_AUTOCOMPLETE = {
    "country": "country",
    "name": "name",
    "company": "organization",
    "street": "address-line1",
    "street_extra": "address-line2",
    "postal_code": "postal-code",
    "city": "address-level2",
    "region": "address-level1",
    "phone": "tel",
}
_LABELS = {
    "name": _("Name"),
    "company": _("Company"),
    "street": _("Street and number"),
    "street_extra": _("Flat, floor, care of"),
    "phone": _("Phone"),
}


def _text(name: str) -> forms.CharField:
    column: Any = OrderAddress._meta.get_field(name)  # noqa: SLF001  # Django documents it as public
    return forms.CharField(max_length=column.max_length, required=False)


class AddressForm(forms.Form):
    """An address by the rules of its country, which may come from what was sent or from what is known."""

    country = forms.ChoiceField(label=_("Country"))

    def __init__(
        self,
        data: Any,
        *,
        prefix: str,
        kind: str,
        countries: Sequence[tuple[str, str]],
        default_country: str,
        initial: Initial,
        with_phone: bool,
    ) -> None:
        super().__init__(data, prefix=prefix, initial=dict(initial))
        codes = {code for code, _name in countries}
        fallback = default_country if default_country in codes else next(iter(code for code, _name in countries), "")
        if data is not None:  # one that is not on the list is refused
            asked_for = data.get(f"{prefix}-country", "")
            self.country_code = asked_for if addresses.is_country(asked_for) else fallback
        else:
            self.country_code = initial.get("country", "") if initial.get("country", "") in codes else fallback
        self.initial["country"] = self.country_code
        self.rules = addresses.rules(self.country_code)
        self._ask(countries, kind, with_phone=with_phone)
        self.address: Address | None = None

    def _ask(self, countries: Sequence[tuple[str, str]], kind: str, *, with_phone: bool) -> None:
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101  # for the type checker
        country.choices = list(countries)
        country.error_messages["invalid_choice"] = str(_("We do not deliver to that country."))
        names = ["name", "company", "street", "street_extra", "postal_code", "city"]
        names += ["region"] if self.rules.has_region else []
        for name in [*names, *(["phone"] if with_phone else [])]:
            self.fields[name] = self._region() if name == "region" and self.rules.regions else _text(name)
            self.fields[name].label = _LABELS.get(name) or self.rules.labels[name]
        for name, field in self.fields.items():
            field.required = name in self.rules.required
            field.widget.attrs["autocomplete"] = f"{kind} {_AUTOCOMPLETE[name]}"
        self._refine(with_phone=with_phone)

    def _region(self) -> forms.ChoiceField:
        return forms.ChoiceField(choices=[("", "–"), *self.rules.regions], required=False)

    def _refine(self, *, with_phone: bool) -> None:
        self.fields["postal_code"].widget.attrs["autocapitalize"] = "characters"
        if with_phone:
            self.fields["phone"].widget = forms.TextInput(attrs={**self.fields["phone"].widget.attrs, "type": "tel"})
            self.fields["phone"].help_text = _("For the carrier only.")
        if self.rules.postal_code_example:
            self.fields["postal_code"].help_text = _("For example %(example)s.") % {
                "example": self.rules.postal_code_example
            }

    def clean(self) -> dict[str, Any]:
        """The country's rules name what is missing better than “This field is required”."""
        cleaned = self.cleaned_data
        if "country" not in cleaned:
            return cleaned
        typed = {name: cleaned.get(name, "") for name in self.fields if name in Address.__dataclass_fields__}
        try:
            self.address = addresses.clean(Address(**typed))
        except addresses.AddressError as error:
            for name, message in error.errors.items():
                self._replace_error(name, message)
        return cleaned

    def _replace_error(self, name: str, message: str) -> None:
        if self.has_error(name, "required"):
            del self.errors[name]
        if name in self.fields and not self.has_error(name):
            self.add_error(name, message)

    @property
    def rows(self) -> list[BoundField]:
        """All fields but the country, which stands first and has a button of its own."""
        return [self[name] for name in self.fields if name != "country"]


class CheckoutForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The confirmation and the invoice go there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    different = forms.BooleanField(label=_("The invoice goes to another address"), required=False)
    method = forms.ChoiceField(
        label=_("Shipping"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how it is sent."),
            "invalid_choice": _("Choose one of the ways to that country."),
        },
    )
    save_address = forms.BooleanField(label=_("Save this address in my account"), required=False)
    note = forms.CharField(
        label=_("A note for us"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    terms = forms.BooleanField(error_messages={"required": _("Please accept the terms to place the order.")})
    coupon = forms.CharField(
        label=_("Coupon"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    # Written by the template, always those of now. They are compared with what is, and never believed.
    key = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)
    shown = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, initial: Initial, methods: Sequence[ShippingMethod]) -> None:
        super().__init__(data, initial=dict(initial))
        field = self.fields["method"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = [(str(method.pk), method.name) for method in methods]


class CheckoutForms:
    """The three forms of the page as one: delivery address, invoice address and the rest.

    ``data`` is what was sent to be ordered; what was only sent to be updated comes as ``sent`` and is not judged yet.
    """

    def __init__(
        self, data: Any = None, *, sent: Any = None, initial: Initial, methods: Sequence[ShippingMethod], country: str
    ) -> None:
        kept = sent if sent is not None else {}
        typed = data if data is not None else kept
        self.delivery = AddressForm(
            data,
            prefix="ship",
            kind="shipping",
            countries=addresses.country_choices(shipping.countries(methods)),
            default_country=country,
            initial=_sent("ship", kept) or initial.get("ship", {}),
            with_phone=True,
        )
        self.methods = shipping.methods_to(self.delivery.country_code, methods=methods)
        self.main = CheckoutForm(data, initial=_main(kept) or initial, methods=self.methods)
        self.billing = AddressForm(
            data if self.has_other_billing else None,  # not judged where it is not asked for
            prefix="bill",
            kind="billing",
            countries=addresses.country_choices(),
            default_country=country,
            initial=_sent("bill", typed or {}) or initial.get("bill", {}),
            with_phone=False,
        )

    @property
    def chosen_method(self) -> ShippingMethod | None:
        """The one that was chosen, else the first that goes to the country."""
        wanted = str(self.main["method"].value() or "")
        return next((method for method in self.methods if str(method.pk) == wanted), next(iter(self.methods), None))

    @property
    def has_other_billing(self) -> bool:
        return bool(self.main["different"].value())

    def is_valid(self) -> bool:
        """Whether it can be ordered so. All are asked, so that all errors show at once."""
        answers = [self.main.is_valid(), self.delivery.is_valid()]
        return all([*answers, self.billing.is_valid() if self.has_other_billing else True])

    def errors(self) -> list[tuple[BoundField, str]]:
        """What is wrong, with the field it is wrong in, from top to bottom."""
        addresses_ = [*self.delivery, *(self.billing if self.has_other_billing else [])]
        fields = [self.main["email"], *addresses_, *(self.main[name] for name in ("method", "note", "coupon", "terms"))]
        return [(field, str(text)) for field in fields for text in field.errors]

    @property
    def key(self) -> uuid.UUID | None:
        """The key of the checkout that was sent; None where it is none."""
        try:
            return uuid.UUID(self.main.data.get("key", ""))
        except ValueError:
            return None


def _sent(prefix: str, kept: Any) -> dict[str, str]:
    names = Address.__dataclass_fields__
    return {name: kept[f"{prefix}-{name}"] for name in names if f"{prefix}-{name}" in kept}


def _main(kept: Any) -> dict[str, Any]:
    if not kept:
        return {}
    texts = {name: kept.get(name, "") for name in ("email", "method", "note")}
    return {**texts, **{name: name in kept for name in ("different", "terms", "save_address")}}
