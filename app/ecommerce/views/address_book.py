"""The address book, in the account."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.services import addresses
from core.services.addresses import Address
from ecommerce.checkout_forms import AddressForm
from ecommerce.models import SavedAddress
from ecommerce.services import address_book
from ecommerce.services.address_book import AddressBookFullError
from ecommerce.views.orders import private_page
from users.models import CustomUser

PREFIX = "address"
SAVE = "save"


class DefaultsForm(forms.Form):
    for_delivery = forms.BooleanField(label=gettext_lazy("Fill it in for delivery"), required=False)
    for_invoice = forms.BooleanField(label=gettext_lazy("Fill it in for the invoice"), required=False)


@login_required
@require_safe
@private_page
def overview(request: HttpRequest) -> HttpResponse:
    saved = address_book.of(_user(request))
    entries = [(each, addresses.lines(address_book.as_address(each))) for each in saved]
    return render(
        request, "ecommerce/address_book.html", {"entries": entries, "is_full": len(saved) >= address_book.MOST}
    )


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def add(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    form, defaults = _forms(request, {"name": user.get_full_name()}, {})
    if _is_complete(request, form, defaults):
        try:
            address_book.add(user=user, address=cast("Address", form.address), **defaults.cleaned_data)
        except AddressBookFullError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The address has been saved."))
        return redirect("addresses:list")
    return _page(request, form, defaults, title=_("New address"))


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def change(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _own(request, pk)
    known = {"for_delivery": saved.is_delivery_default, "for_invoice": saved.is_invoice_default}
    form, defaults = _forms(request, address_book.as_address(saved).as_fields(), known)
    if _is_complete(request, form, defaults):
        address_book.change(saved=saved, address=cast("Address", form.address), **defaults.cleaned_data)
        messages.success(request, _("The address has been saved. Orders that you have placed stay as they are."))
        return redirect("addresses:list")
    return _page(request, form, defaults, title=_("Change the address"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether it is meant; do it at the POST."""
    saved = _own(request, pk)
    if request.method == "POST":
        address_book.remove(saved=saved)
        messages.success(request, _("The address has been deleted."))
        return redirect("addresses:list")
    lines = addresses.lines(address_book.as_address(saved))
    return render(request, "ecommerce/address_delete.html", {"lines": lines})


def _forms(request: HttpRequest, known: dict[str, Any], defaults: dict[str, bool]) -> tuple[AddressForm, DefaultsForm]:
    """What was sent to be saved is judged; what was sent for another country's fields is only shown again."""
    is_judged = request.POST.get("action") == SAVE
    if request.method == "POST" and not is_judged:
        known = {name: request.POST.get(f"{PREFIX}-{name}", "") for name in address_book.FIELDS}
    form = AddressForm(
        request.POST if is_judged else None,
        prefix=PREFIX,
        kind="shipping",
        countries=addresses.country_choices(),
        default_country=settings.SELLER_COUNTRY,
        initial=known,
        with_phone=True,
    )
    return form, DefaultsForm(request.POST or None, initial=defaults)


def _is_complete(request: HttpRequest, form: AddressForm, defaults: DefaultsForm) -> bool:
    return request.POST.get("action") == SAVE and form.is_valid() and defaults.is_valid()


def _page(request: HttpRequest, form: AddressForm, defaults: DefaultsForm, *, title: str) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(
        request, "ecommerce/address_form.html", {"form": form, "defaults": defaults, "title": title}, status=status
    )


def _own(request: HttpRequest, pk: int) -> SavedAddress:
    return get_object_or_404(SavedAddress, pk=pk, user=_user(request))


def _user(request: HttpRequest) -> CustomUser:
    return cast("CustomUser", request.user)
