"""The address book of an account."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.services import addresses
from core.services.addresses import Address
from ecommerce.models import SavedAddress
from ecommerce.services.errors import ShopError
from users.models import CustomUser

MOST = 20
FIELDS = tuple(Address.__dataclass_fields__)


class AddressBookFullError(ShopError):
    def __init__(self) -> None:
        super().__init__(_("There are %(most)d addresses in your book already: delete one first.") % {"most": MOST})


def of(user: CustomUser) -> list[SavedAddress]:
    """Defaults first, then the newest."""
    return list(SavedAddress.objects.filter(user=user))


def as_address(saved: SavedAddress) -> Address:
    return Address(**{name: str(getattr(saved, name)) for name in FIELDS})


@transaction.atomic
def add(*, user: CustomUser, address: Address, for_delivery: bool = False, for_invoice: bool = False) -> SavedAddress:
    """Save one more; the first becomes the default of both. Raises AddressError and AddressBookFullError."""
    tidy = addresses.clean(address)
    saved = _locked(user)
    if len(saved) >= MOST:
        raise AddressBookFullError
    is_first = not saved
    new = SavedAddress(user=user, **tidy.as_fields())
    return _kept(new, for_delivery=for_delivery or is_first, for_invoice=for_invoice or is_first)


@transaction.atomic
def remember(*, user: CustomUser, address: Address) -> None:
    """Save an address that was ordered to, unless it is there already or the book is full: nothing is said then."""
    tidy = addresses.clean(address)
    saved = _locked(user)
    if len(saved) < MOST and all(as_address(each) != tidy for each in saved):
        add(user=user, address=tidy)


@transaction.atomic
def change(*, saved: SavedAddress, address: Address, for_delivery: bool, for_invoice: bool) -> SavedAddress:
    """Raises AddressError."""
    tidy = addresses.clean(address)
    _locked(saved.user)
    for name, value in tidy.as_fields().items():
        setattr(saved, name, value)
    return _kept(saved, for_delivery=for_delivery, for_invoice=for_invoice)


@transaction.atomic
def remove(*, saved: SavedAddress) -> None:
    """The newest of those that are left takes over what it was the default of."""
    user = saved.user
    _locked(user)
    was_delivery, was_invoice = saved.is_delivery_default, saved.is_invoice_default
    saved.delete()
    heir = SavedAddress.objects.filter(user=user).order_by("-pk").first()
    if heir is not None:
        _kept(
            heir,
            for_delivery=was_delivery or heir.is_delivery_default,
            for_invoice=was_invoice or heir.is_invoice_default,
        )


def _locked(user: CustomUser) -> list[SavedAddress]:
    """The book, which nobody else changes until the transaction ends."""
    CustomUser.objects.select_for_update().get(pk=user.pk)
    return of(user)


def _kept(saved: SavedAddress, *, for_delivery: bool, for_invoice: bool) -> SavedAddress:
    others = SavedAddress.objects.filter(user=saved.user).exclude(pk=saved.pk)
    if for_delivery:
        others.update(is_delivery_default=False)
    if for_invoice:
        others.update(is_invoice_default=False)
    saved.is_delivery_default, saved.is_invoice_default = for_delivery, for_invoice
    saved.save()
    return saved
