"""The life of an order: the one table of what may follow what, and the verbs that move an order along it.

Every change is written into the order's history with who did it and why. All but ``mark_paid`` and ``record_refund``,
which payments call under the order's lock, take that lock themselves, in a transaction of their own.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.templatetags.money import money
from ecommerce.models import Order, OrderEvent, OrderLine, Refund, RefundLine
from ecommerce.services import invoices, order_mails, refund_amounts, stock
from ecommerce.services.errors import ShopError, WrongOrderStateError

if TYPE_CHECKING:
    from users.models import CustomUser

State = Order.State

TRANSITIONS: dict[str, frozenset[str]] = {
    State.PENDING: frozenset({State.PAID, State.CANCELLED}),
    State.PAID: frozenset({State.SHIPPED, State.CANCELLED, State.REFUNDED}),
    State.SHIPPED: frozenset({State.COMPLETED, State.REFUNDED}),
    State.COMPLETED: frozenset({State.REFUNDED}),
    # To paid: the money came late, and the goods were still there. To refunded: cancelled after it was paid.
    State.CANCELLED: frozenset({State.PAID, State.REFUNDED}),
    State.REFUNDED: frozenset(),
}

# Without what looks like something else: read out on the telephone, a number must arrive.
NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LENGTH = 8
ATTENTION_LENGTH = 300


def new_number() -> str:
    """A free order number, for example “7K3Q-9XRD”. It does not tell how many orders there are, nor the next one."""
    while True:
        letters = "".join(secrets.choice(NUMBER_ALPHABET) for _letter in range(NUMBER_LENGTH))
        number = f"{letters[:4]}-{letters[4:]}"
        if not Order.objects.filter(number=number).exists():
            return number


def record(  # one entry has so many columns
    *,
    order: Order,
    what: str,
    actor: CustomUser | None = None,
    message: str = "",
    from_state: str = "",
    to_state: str = "",
) -> OrderEvent:
    """Write an entry of the order's history. ``what`` is one of ``order_words.EVENTS``; nobody as actor: the shop."""
    return OrderEvent.objects.create(
        order=order, what=what, actor=actor, message=message, from_state=from_state, to_state=to_state
    )


def mark_paid(*, order: Order, message: str = "") -> bool:
    """The money is there: keep the pieces, issue the invoice, ask for its PDF and the mail. Whether that was news.

    The caller has locked the order's row in a transaction. For a cancelled order, whose money came late, pieces are
    reserved again if the caller has not; raises OutOfStockError where they are gone: then nothing has changed.
    """
    if order.is_paid:
        return False
    _refuse(order, State.PAID)
    if order.reservation == Order.Reservation.RELEASED:
        _hold_again(order)
    order.paid_at, order.cancelled_at = timezone.now(), None
    _move(order, State.PAID, what="paid", message=message, fields=["paid_at", "cancelled_at"])
    stock.sell(order=order)
    order_mails.confirmation(order=order)
    # Last: whoever takes the next number waits until this transaction ends.
    invoices.issue(order=order)
    return True


@transaction.atomic
def expire(*, order: Order, reason: str) -> bool:
    """Give up an order that nobody paid in time, and tell the buyer. Whether it was still open."""
    return _give_up(order, what="expired", message=reason, tell=True)


@transaction.atomic
def abandon(*, order: Order) -> bool:
    """Give up an order whose buyer has changed the cart: another order takes its place. Whether it was still open."""
    return _give_up(order, what="abandoned", message="", tell=False)


@transaction.atomic
def ship(
    *, order: Order, carrier: str, tracking_number: str = "", tracking_url: str = "", actor: CustomUser | None
) -> Order:
    """The parcel has left. Raises WrongOrderStateError."""
    order = _locked(order)
    _refuse(order, State.SHIPPED)
    if order.total > 0 and refund_amounts.available(order=order) == 0:
        raise WrongOrderStateError(_("Order %s has been given back in full, so it is not shipped.") % order)
    order.shipped_at = timezone.now()
    order.carrier, order.tracking_number, order.tracking_url = carrier, tracking_number, tracking_url
    message = " ".join(filter(None, [carrier, tracking_number]))
    fields = ["shipped_at", "carrier", "tracking_number", "tracking_url"]
    _move(order, State.SHIPPED, what="shipped", actor=actor, message=message, fields=fields)
    order_mails.shipped(order=order)
    return order


@transaction.atomic
def complete(*, order: Order, actor: CustomUser | None = None, message: str = "") -> Order:
    """It has arrived, as far as anybody knows. Raises WrongOrderStateError."""
    order = _locked(order)
    _refuse(order, State.COMPLETED)
    order.completed_at = timezone.now()
    _move(order, State.COMPLETED, what="completed", actor=actor, message=message, fields=["completed_at"])
    return order


def complete_delivered() -> int:
    """Complete orders whose parcels were sent settings.COMPLETE_AFTER_DAYS ago; how many. Short transactions."""
    days = settings.COMPLETE_AFTER_DAYS
    if not days:
        return 0
    sent = Order.objects.filter(state=State.SHIPPED, shipped_at__lte=timezone.now() - timedelta(days=days))
    completed = 0
    for order in sent.order_by("pk").iterator(chunk_size=500):
        try:
            complete(order=order, message=_("Sent %d days ago.") % days)
            completed += 1
        except WrongOrderStateError:  # somebody was faster
            continue
    return completed


@transaction.atomic
def cancel(*, order: Order, reason: str, actor: CustomUser | None, give_back: bool = False) -> Order:
    """Call the order off. One that is paid is cancelled only with all of its money given back: ``give_back``.

    The pieces are on sale again at once. Raises WrongOrderStateError.
    """
    order = _locked(order)
    _refuse(order, State.CANCELLED)
    if not order.is_paid:
        _release(order)
        _close(order, what="cancelled", actor=actor, message=reason)
        order_mails.cancelled(order=order)
        return order
    left = refund_amounts.available(order=order)
    if left and not give_back:
        message = _("Order %(order)s is paid: to cancel it, %(amount)s must be given back.")
        raise WrongOrderStateError(message % {"order": order, "amount": money(left, order.currency)})
    _close(order, what="cancelled", actor=actor, message=reason)
    _give_back_everything(order, left, reason=reason, actor=actor)
    order_mails.cancelled(order=order)
    return order


@transaction.atomic
def refund(  # what a refund is made of
    *,
    order: Order,
    lines: Mapping[int, int],
    shipping: bool | Decimal = False,
    restock: bool = False,
    reason: str,
    actor: CustomUser | None,
    refunds_before: int | None = None,
) -> Refund:
    """Ask for money back: pieces by the keys of their lines, and the shipping, all of it or an amount.

    ``restock`` puts the pieces on sale again at once. The money, the credit note and the mail follow when Stripe has
    answered (``record_refund``). With ``refunds_before``, a second click gives nothing back a second time. Raises
    WrongOrderStateError, and ShopError for what cannot be given back.
    """
    order = _locked(order)
    if refunds_before is not None and order.refunds.count() != refunds_before:
        raise ShopError(_("Another refund of this order has been asked for meanwhile. Look at it before you go on."))
    if not order.is_paid:
        raise WrongOrderStateError(_("Order %s has not been paid: there is nothing to give back.") % order)
    quote = refund_amounts.quote(order=order, lines=lines, shipping=shipping)
    return _request_refund(order, quote, restock=restock, reason=reason, actor=actor)


def record_refund(*, refund: Refund) -> bool:
    """Stripe has given the money back: count it, issue the credit note, tell the buyer. Whether that was news.

    The caller has locked the order's row in a transaction, and set the refund to succeeded.
    """
    if invoices.has_credit_note(refund=refund):
        return False
    order = refund.order
    order.refresh_from_db()
    order.refunded = min(order.refunded + refund.amount, order.total)
    for line in refund.lines.all():
        OrderLine.objects.filter(pk=line.line_id).update(refunded_quantity=F("refunded_quantity") + line.quantity)
    message = " · ".join(filter(None, [money(refund.amount, order.currency), refund.reason]))
    if order.refunded == order.total and order.state != State.REFUNDED:
        _move(order, State.REFUNDED, what="refunded", actor=refund.requested_by, message=message, fields=["refunded"])
    else:
        order.save(update_fields=["refunded", "modified"])
        record(order=order, what="refunded in part", actor=refund.requested_by, message=message)
    order_mails.refunded(refund=refund)
    invoices.issue_credit_note(refund=refund)
    return True


@transaction.atomic
def note(*, order: Order, text: str, actor: CustomUser | None) -> OrderEvent:
    """A remark of staff for staff."""
    return record(order=_locked(order), what="note", actor=actor, message=text)


@transaction.atomic
def mail_again(*, order: Order, mail: str, actor: CustomUser | None) -> None:
    event = record(order=_locked(order), what="mail", actor=actor, message=mail)
    order_mails.again(order=order, mail=mail, occasion=event.pk)


@transaction.atomic
def set_attention(*, order: Order, reason: str, actor: CustomUser | None = None) -> Order:
    """Ask a person to look at the order, by a mail too, or say (with no reason) that one has."""
    order = _locked(order)
    reason = reason[:ATTENTION_LENGTH]
    if order.attention == reason:
        return order
    order.attention = reason
    order.save(update_fields=["attention", "modified"])
    event = record(order=order, what="flagged" if reason else "looked at", actor=actor, message=reason)
    if reason:
        order_mails.needs_attention(order=order, occasion=event.pk)
    return order


def _locked(order: Order) -> Order:
    return Order.objects.select_for_update().get(pk=order.pk)


def _refuse(order: Order, to: str) -> None:
    """Raise WrongOrderStateError where the order cannot become that."""
    if to not in TRANSITIONS[order.state]:
        message = _("Order %(order)s is %(state)s, so it cannot become %(to)s.")
        values = {"order": order, "state": order.get_state_display(), "to": State(to).label}
        raise WrongOrderStateError(message % values)


def _move(  # one entry of the history has so many columns
    order: Order,
    to: str,
    *,
    what: str,
    actor: CustomUser | None = None,
    message: str = "",
    fields: list[str],
) -> None:
    _refuse(order, to)
    was, order.state = order.state, to
    order.save(update_fields=["state", "modified", *fields])
    record(order=order, what=what, actor=actor, message=message, from_state=was, to_state=to)


def _hold_again(order: Order) -> None:
    from ecommerce.services import coupons  # imports this module

    with transaction.atomic():  # some of the pieces may be there and others not
        stock.reserve(order=order)
    Order.objects.filter(pk=order.pk).update(reservation=Order.Reservation.HELD)
    order.reservation = Order.Reservation.HELD
    coupons.take_again(order=order)


def _give_up(order: Order, *, what: str, message: str, tell: bool) -> bool:
    order = _locked(order)
    if order.state != State.PENDING:
        return False
    _release(order)
    _close(order, what=what, message=message)
    if tell:
        order_mails.expired(order=order)
    return True


def _release(order: Order) -> None:
    """What an unpaid order kept from others: its pieces, a use of its coupon, and the way to pay it."""
    from ecommerce.services import coupons, payments  # imports this module

    stock.release(order=order)
    coupons.release(order=order)
    payments.expire(order=order)


def _close(order: Order, *, what: str, actor: CustomUser | None = None, message: str) -> None:
    order.cancelled_at = timezone.now()
    _move(order, State.CANCELLED, what=what, actor=actor, message=message, fields=["cancelled_at"])


def _give_back_everything(order: Order, left: Decimal, *, reason: str, actor: CustomUser | None) -> None:
    quote = refund_amounts.rest(order=order)
    if left:
        _request_refund(order, quote, restock=True, reason=reason, actor=actor)
    else:  # it cost nothing
        _put_back(order, {part.line.pk: part.quantity for part in quote.parts})


def _request_refund(
    order: Order, quote: refund_amounts.Quote, *, restock: bool, reason: str, actor: CustomUser | None
) -> Refund:
    from ecommerce.services import payments  # imports this module

    if quote.total <= 0:
        raise ShopError(_("Choose what to give back: pieces, or the shipping."))
    lines = [
        RefundLine(line=part.line, quantity=part.quantity, amount=part.amount, restock=restock) for part in quote.parts
    ]
    requested: Refund = payments.request_refund(
        order=order, amount=quote.total, lines=lines, shipping=quote.shipping, reason=reason, requested_by=actor
    )
    if restock:
        _put_back(order, refund_amounts.quantities_to_restock(order=order))
    amount = money(quote.total, order.currency)
    record(order=order, what="refund requested", actor=actor, message=" · ".join(filter(None, [amount, reason])))
    return requested


def _put_back(order: Order, quantities: Mapping[int, int]) -> None:
    """Put so many pieces of each line, by its key, on sale. A variant that is gone has no stock to return to."""
    pieces: Counter[int] = Counter()
    for line in order.lines.all():
        quantity = quantities.get(line.pk, 0)
        if quantity and line.variant_id is not None:
            pieces[line.variant_id] += quantity
            OrderLine.objects.filter(pk=line.pk).update(restocked_quantity=F("restocked_quantity") + quantity)
    stock.restock(pieces=pieces)
