"""What can be given back of an order, to the cent: pieces, shipping, or the rest of it.

Refunds that are under way count as given back, so that two of them never add up to more than was paid. The amounts of
the pieces of one line add up to the line, whatever the order in which they come back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from core.templatetags.money import decimal_places, money
from ecommerce.models import Order, OrderLine, Refund, RefundLine
from ecommerce.services.errors import ShopError


@dataclass(frozen=True)
class Part:
    line: OrderLine
    quantity: int
    amount: Decimal


@dataclass(frozen=True)
class Quote:
    """Pieces and shipping, with tax. ``total`` is what is paid back for them, less where parts came back before."""

    parts: list[Part]
    shipping: Decimal
    total: Decimal


def quote(*, order: Order, lines: Mapping[int, int], shipping: bool | Decimal = False) -> Quote:
    """The price of these pieces, by the keys of their lines. Raises ShopError with the first thing that is wrong."""
    left = quantities_left(order=order)
    known = {line.pk: line for line in order.lines.all()}
    parts = []
    for line_id, quantity in lines.items():
        if not quantity:
            continue
        if line_id not in known:
            raise ShopError(_("This line is not part of order %s.") % order)
        if not 0 < quantity <= left[line_id]:
            message = _("Of “%(title)s”, %(left)d can be given back.")
            raise ShopError(message % {"title": known[line_id].title, "left": left[line_id]})
        parts.append(_part(known[line_id], quantity, left[line_id]))
    return _checked(order, parts, _shipping(order, shipping))


def rest(*, order: Order) -> Quote:
    """All that has not come back yet."""
    left = quantities_left(order=order)
    parts = [_part(line, left[line.pk], left[line.pk]) for line in order.lines.all() if left[line.pk]]
    return Quote(parts, shipping_left(order=order), available(order=order))


def available(*, order: Order) -> Decimal:
    """What can still be given back. One query."""
    if not order.is_paid:
        return Decimal(0)
    under_way = order.refunds.filter(status__in=(Refund.Status.REQUESTED, Refund.Status.PENDING), credit_note=None)
    # Money that came too late, or twice, goes back too, but was never the order's.
    surplus = order.stripe_sessions.filter(status="returned").exclude(payment_intent="").values("payment_intent")
    left = order.total - order.refunded - _sum(under_way.exclude(payment_intent__in=surplus), "amount")
    return max(left, Decimal(0))


def quantities_left(*, order: Order) -> dict[int, int]:
    """How many pieces of each line, by its key, have not come back."""
    came_back = _pieces(RefundLine.objects.filter(refund__in=_standing(order)))
    return {line.pk: line.quantity - came_back[line.pk] for line in order.lines.all()}


def quantities_to_restock(*, order: Order) -> dict[int, int]:
    """How many pieces of each line, by its key, were given back to be sold again, and are not on sale yet.

    Those of a refund that has failed stay on sale: the refund that takes its place does not put them there again.
    """
    wanted = _pieces(RefundLine.objects.filter(refund__in=_standing(order), restock=True))
    return {line.pk: max(0, wanted[line.pk] - line.restocked_quantity) for line in order.lines.all()}


def shipping_left(*, order: Order) -> Decimal:
    return gross_shipping(order) - _sum(_standing(order), "shipping")


def gross(line: OrderLine, order: Order) -> Decimal:
    """What the buyer paid for the line, tax included."""
    return line.total if order.prices_include_tax else line.total + line.tax


def gross_shipping(order: Order) -> Decimal:
    return order.shipping if order.prices_include_tax else order.shipping + shipping_tax(order)


def shipping_tax(order: Order) -> Decimal:
    """The order's tax that belongs to no line."""
    return order.tax - sum((line.tax for line in order.lines.all()), Decimal(0))


def _standing(order: Order) -> QuerySet[Refund]:
    """All but those that came to nothing. One that fails after its credit note stands: a person pays in another way."""
    return order.refunds.exclude(status=Refund.Status.FAILED, credit_note__isnull=True)


def _pieces(lines: QuerySet[RefundLine]) -> Counter[int]:
    return Counter(dict(lines.values_list("line").annotate(sum=Sum("quantity"))))


def _sum(refunds: QuerySet[Refund], column: str) -> Decimal:
    return refunds.aggregate(sum=Sum(column))["sum"] or Decimal(0)


def _part(line: OrderLine, quantity: int, left: int) -> Part:
    """The price of the next pieces: what came back with them, less what came back before them."""
    before = line.quantity - left
    return Part(line, quantity, _share(line, before + quantity) - _share(line, before))


def _share(line: OrderLine, quantity: int) -> Decimal:
    share = gross(line, line.order) * quantity / line.quantity
    unit = Decimal(1).scaleb(-decimal_places(line.order.currency))
    return share.quantize(unit, rounding=ROUND_HALF_UP)


def _shipping(order: Order, wanted: bool | Decimal) -> Decimal:
    left = shipping_left(order=order)
    if wanted is True:
        return left
    amount = Decimal(wanted)
    if not 0 <= amount <= left:
        message = _("Of the shipping, %s can be given back.")
        raise ShopError(message % money(left, order.currency))
    return amount


def _checked(order: Order, parts: list[Part], shipping: Decimal) -> Quote:
    total = sum((part.amount for part in parts), shipping)
    left = available(order=order)
    if total > left:
        message = _("These cost %(total)s, but only %(left)s of order %(order)s can still be given back.")
        values = {"total": money(total, order.currency), "left": money(left, order.currency), "order": order}
        raise ShopError(message % values)
    return Quote(parts, shipping, total)
