"""Pieces: reserve them for an order, give them back. Stock itself is what can be sold now.

Reserving happens in the caller's transaction, which also writes the order. Rows are locked in the order of their keys,
so that two orders for the same goods wait for each other instead of for ever (see ``ecommerce.services``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ecommerce.models import Order, OrderLine, Variant
from ecommerce.services import catalogue
from ecommerce.services.errors import OutOfStockError


def lock(variant_ids: Iterable[int]) -> None:
    """Lock the variants until the transaction ends. Call it before order lines are written that point to them.

    A row that points to another takes a shared lock on it in MySQL. Two transactions that hold one each, and then both
    want to change the other row, are a deadlock.
    """
    list(Variant.objects.select_for_update().filter(pk__in=variant_ids).order_by("pk").values_list("pk", flat=True))


def reserve(*, order: Order) -> None:
    """Take the order's pieces out of stock. Raises OutOfStockError: then the caller's transaction must be undone.

    The condition stands in the UPDATE: between a look and a change another buyer could have been faster.
    """
    lines = list(order.lines.all())
    for variant_id, quantity in sorted(_pieces(lines).items()):
        enough = Variant.objects.filter(pk=variant_id, stock__gte=quantity)
        if enough.update(stock=F("stock") - quantity) != 1:
            line = next(line for line in lines if line.variant_id == variant_id)
            message = _("“%(title)s” is no longer available in this quantity.") % {"title": line.title}
            raise OutOfStockError(message, variant_id=variant_id)
    if any(line.variant_id is None for line in lines):
        raise OutOfStockError(_("Something in this order is no longer sold."))
    _refresh_products(_pieces(lines))


def release(*, order: Order) -> bool:
    """Give held pieces back, once however often it is asked; whether it did."""
    return _change_reservation(order, Order.Reservation.RELEASED, give_back=True)


def sell(*, order: Order) -> bool:
    """Keep held pieces for good; whether they were held."""
    return _change_reservation(order, Order.Reservation.SOLD, give_back=False)


def restock(*, pieces: dict[int, int]) -> None:
    """Put so many pieces of each variant, by its key, back on sale: returned goods."""
    for variant_id, quantity in sorted(pieces.items()):
        Variant.objects.filter(pk=variant_id).update(stock=F("stock") + quantity)
    _refresh_products(pieces)


@transaction.atomic
def _change_reservation(order: Order, reservation: Order.Reservation, *, give_back: bool) -> bool:
    held = Order.objects.filter(pk=order.pk, reservation=Order.Reservation.HELD)
    if held.update(reservation=reservation) != 1:
        return False
    order.reservation = reservation
    if give_back:
        restock(pieces=_pieces(order.lines.all()))
    return True


def _pieces(lines: Iterable[OrderLine]) -> Counter[int]:
    pieces: Counter[int] = Counter()
    for line in lines:
        if line.variant_id is not None:
            pieces[line.variant_id] += line.quantity
    return pieces


def _refresh_products(variant_ids: Iterable[int]) -> None:
    """What lists show follows after the commit: a lock on the products would make their buyers wait for each other."""
    ids = list(variant_ids)
    products = Variant.objects.filter(pk__in=ids).values_list("product_id", flat=True)
    transaction.on_commit(lambda: catalogue.refresh(products), robust=True)
