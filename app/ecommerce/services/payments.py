"""Paying an order at Stripe. Money is believed from Stripe only, and acted on once (docs/adr/0017).

`settle` decides: it asks Stripe for the session as it is now, then locks the order, then acts or finds that it has
acted. Events, the buyer's return, the end of a reservation and the reconciliation only cause it to run.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecommerce.models import Order, Refund, RefundLine, StripeSession
from ecommerce.services import carts, order_links, order_mails, orders, refunds, stripe_client
from ecommerce.services.errors import (
    OutOfStockError,
    PaymentBusyError,
    PaymentRefusedError,
    PaymentUnavailableError,
    WrongOrderStateError,
)
from ecommerce.services.minor_units import to_minor
from tasks.services import jobs

if TYPE_CHECKING:
    from stripe.checkout import Session

    from users.models import CustomUser

log = structlog.get_logger(__name__)

Status = StripeSession.Status

SETTLE = "ecommerce.settle_payment"
EXPIRE = "ecommerce.expire_session"
OVERDUE = "ecommerce.close_overdue"
# Stripe lets no session live for less than 30 minutes; a little more, for the way there.
SHORTEST = timedelta(minutes=30, seconds=20)
# How long an order may be kept waiting by starting the payment anew.
LONGEST_WAIT = timedelta(hours=3)
# Slow methods (a bank transfer, a debit) take so long to say yes or no.
SLOW_PAYMENT = timedelta(days=14)
# After so long without an answer from Stripe, pieces are no longer held. A payment that comes still is a late one.
PATIENCE = timedelta(hours=6)
# A second click waits for the answer to the first no longer than that one waits for Stripe.
BUSY_SECONDS = float(stripe_client.PAGE_SECONDS)
LOOK_SECONDS = 0.2


def prepare(*, order: Order) -> StripeSession:
    """Write down the attempt to pay, in the caller's transaction, before Stripe hears of it."""
    expires = order.reserved_until or timezone.now() + timedelta(minutes=settings.RESERVATION_MINUTES)
    return StripeSession.objects.create(order=order, amount=order.total, currency=order.currency, expires_at=expires)


def start(*, order: Order) -> str:
    """The address of the payment page. Asked again it is the same page, as long as that lives.

    Raises PaymentUnavailableError, after which the buyer can try again, and WrongOrderStateError.
    """
    session = _attempt(order)
    if session.url:
        return session.url
    try:
        made = stripe_client.create_session(parameters=_parameters(session), key=str(session.idempotency_key))
    except PaymentRefusedError as error:
        log.error("payment_page_refused", order=order.number, code=error.code, error=str(error))
        raise PaymentUnavailableError(_("The payment page cannot be opened. We have been told.")) from error
    except PaymentUnavailableError as error:
        if url := _opened_meanwhile(session, error):
            return url
        log.warning("payment_page_unavailable", order=order.number)
        message = _("The payment page cannot be reached at the moment. Your order is kept: please try again.")
        raise PaymentUnavailableError(message) from error
    _opened(session, made)
    return str(made.url)


def _opened_meanwhile(session: StripeSession, error: PaymentUnavailableError) -> str:
    """The address that another click was given; empty without one. While Stripe is at work on that, wait."""
    deadline = time.monotonic() + (BUSY_SECONDS if isinstance(error, PaymentBusyError) else 0)
    while True:
        url = StripeSession.objects.values_list("url", flat=True).get(pk=session.pk)
        if url or time.monotonic() >= deadline:
            return url
        time.sleep(LOOK_SECONDS)


def settle_free(*, order: Order) -> None:
    """An order that costs nothing is paid at once. In the caller's transaction, which holds the order."""
    if order.total != 0:
        raise WrongOrderStateError(_("This order costs something."))
    _paid(order, message=_("It costs nothing."))


def settle(*, session_id: str) -> str:
    """Bring the order to where Stripe says that its payment is; a few words on what was done."""
    found = stripe_client.retrieve_session(session_id)
    with transaction.atomic(durable=True):
        order = _locked(found.client_reference_id or "")
        if order is None:
            log.error("payment_without_order", session=session_id)
            return "no such order"
        row = _row_of(order, found)
        problem = _mismatch(row, found)
        if problem:
            orders.set_attention(order=order, reason=problem)
            return f"not applied: {problem}"
        row.checked_at = timezone.now()
        row.payment_intent = _intent_id(found)
        outcome = _act(order, row, found)
        row.save()
    return outcome


def expire(*, order: Order) -> None:
    """Close the payment pages of an order that is given up, soon and in the background."""
    for row in order.stripe_sessions.filter(status__in=(Status.CREATING, Status.OPEN)):
        jobs.enqueue(EXPIRE, key=f"session-{row.pk}", row_id=row.pk)


def expire_session(*, row_id: int) -> str:
    """Close one payment page. Where it was paid in the same moment, that is settled."""
    row = StripeSession.objects.get(pk=row_id)
    if row.status not in {Status.CREATING, Status.OPEN}:
        return "closed already"
    if row.session_id is None:
        # Nobody has its address, so nobody can pay it; should one exist at Stripe, it ends by itself.
        StripeSession.objects.filter(pk=row.pk, status=Status.CREATING).update(status=Status.EXPIRED)
        return "never opened"
    with suppress(PaymentRefusedError):  # it is no longer open
        stripe_client.expire_session(row.session_id)
    return settle(session_id=row.session_id)


def check_soon(*, order: Order) -> None:
    """Ask Stripe in the background, as when the buyer has come back and no event has. At most every five seconds."""
    moment = int(timezone.now().timestamp()) // 5
    for row in order.stripe_sessions.filter(status__in=(Status.OPEN, Status.PROCESSING)):
        jobs.enqueue(SETTLE, key=f"{row.session_id}-{moment}", session_id=row.session_id)


def request_refund(
    *,
    order: Order,
    amount: Decimal,
    lines: Sequence[RefundLine],
    shipping: Decimal,
    reason: str,
    requested_by: CustomUser | None,
) -> Refund:
    """Write down that money goes back, in the caller's transaction, which holds the order. A job tells Stripe."""
    paid = order.stripe_sessions.filter(status=Status.PAID).first()
    if paid is None:
        raise WrongOrderStateError(_("Order %s was not paid through Stripe.") % order)
    return refunds.request(
        order=order,
        payment_intent=paid.payment_intent,
        amount=amount,
        lines=lines,
        shipping=shipping,
        reason=reason,
        requested_by=requested_by,
    )


def find_overdue() -> int:
    """Ask for a job for each order whose time has passed; how many. Asked again, a waiting job is the same."""
    overdue = Order.objects.filter(state=Order.State.PENDING, reserved_until__lte=timezone.now())
    count = 0
    # Another attempt every ten minutes, should the jobs of before have failed.
    moment = int(timezone.now().timestamp()) // 600
    for pk in overdue.values_list("pk", flat=True):
        key = f"{pk}-{moment}"
        jobs.enqueue(OVERDUE, key=key, order_id=pk)
        count += 1
    return count


def close_overdue(*, order_id: int) -> str:
    """Give up an order whose time has passed, unless Stripe says that it was paid."""
    order = Order.objects.get(pk=order_id)
    now = timezone.now()
    if order.state != Order.State.PENDING or order.reserved_until is None or order.reserved_until > now:
        return "not overdue"
    try:
        for row in order.stripe_sessions.filter(status__in=(Status.CREATING, Status.OPEN, Status.PROCESSING)):
            _close(row)
    except PaymentUnavailableError:
        if order.reserved_until > now - PATIENCE:
            raise
        log.error("overdue_without_stripe", order=order.number)
    order.refresh_from_db()
    if order.state != Order.State.PENDING or order.reserved_until > now:
        return f"is {order.state}"
    orders.expire(order=order, reason=_("It was not paid in time."))
    return "given up"


def _close(row: StripeSession) -> None:
    if row.status == Status.PROCESSING and row.session_id:
        settle(session_id=row.session_id)
    else:
        expire_session(row_id=row.pk)


@transaction.atomic(durable=True)
def _attempt(order: Order) -> StripeSession:
    """The attempt to go on with: the one that is open, or the one not made yet, or a new one."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.state != Order.State.PENDING:
        raise WrongOrderStateError(_("This order is not waiting for payment."))
    now = timezone.now()
    # In one query: another click opens its page without the order's lock, and between two it would be in neither.
    rows = list(order.stripe_sessions.filter(status__in=(Status.OPEN, Status.CREATING), expires_at__gt=now))
    usable = [row for row in rows if row.status == Status.OPEN]
    usable += [row for row in rows if row.status == Status.CREATING and row.expires_at > now + SHORTEST]
    if usable:
        return usable[0]
    if now - order.created > LONGEST_WAIT:
        raise WrongOrderStateError(_("The time for paying this order has passed. Please order again."))
    order.reserved_until = now + timedelta(minutes=settings.RESERVATION_MINUTES)
    order.save(update_fields=["reserved_until", "modified"])
    return prepare(order=order)


def _opened(session: StripeSession, made: Session) -> None:
    """Remember what Stripe made. Another click may have been faster, with the same answer."""
    creating = StripeSession.objects.filter(pk=session.pk, status=Status.CREATING)
    creating.update(session_id=made.id, url=made.url or "", status=Status.OPEN, payment_intent=_intent_id(made))


def _parameters(session: StripeSession) -> dict[str, Any]:
    """What Stripe is asked for. Everything comes from rows that do not change, so that asking again asks the same."""
    order = session.order
    names = {"order": order.number, "attempt": str(session.pk)}
    page = order_links.order_url(order)
    return {
        "mode": "payment",
        "line_items": _line_items(order),
        "client_reference_id": order.number,
        "customer_email": order.email,
        "metadata": names,
        "payment_intent_data": {"metadata": names, "description": _("Order %s") % order.number},
        "expires_at": int(session.expires_at.timestamp()),
        "success_url": f"{page}?payment=done",
        "cancel_url": f"{page}?payment=cancelled",
        "locale": (get_language() or "auto").partition("-")[0],
    }


def _line_items(order: Order) -> list[dict[str, Any]]:
    """Items that add up to the order's total, to the cent.

    Stripe multiplies prices by quantities, which cannot express a discount or a tax that was rounded over the whole
    order. Only where a line is just that, pieces times price, is it sent so.
    """
    items = []
    lines = list(order.lines.all())
    for line in lines:
        amount = line.total if order.prices_include_tax else line.total + line.tax
        if amount == line.unit_price * line.quantity:
            items.append(_item(order, line.title, line.unit_price, line.quantity))
        else:
            items.append(_item(order, f"{line.quantity} × {line.title}", amount))
    shipping_tax = order.tax - sum((line.tax for line in lines), Decimal(0))
    shipping = order.shipping if order.prices_include_tax else order.shipping + shipping_tax
    items.append(_item(order, order.shipping_name or _("Shipping"), shipping))
    return [item for item in items if item["price_data"]["unit_amount"] > 0]


def _item(order: Order, name: str, amount: Decimal, quantity: int = 1) -> dict[str, Any]:
    price = {
        "currency": order.currency.lower(),
        "unit_amount": to_minor(amount, order.currency),
        "product_data": {"name": name[:250]},
    }
    return {"price_data": price, "quantity": quantity}


def _locked(number: str) -> Order | None:
    """The order, locked, and before it its cart, which is emptied once the order is paid."""
    order = Order.objects.filter(number=number).first()
    if order is None:
        return None
    carts.lock_of(order=order)
    return Order.objects.select_for_update().get(pk=order.pk)


def _row_of(order: Order, found: Session) -> StripeSession:
    """Our record of the session; made here where the answer to our request was lost on its way."""
    row = order.stripe_sessions.filter(session_id=found.id).first()
    if row is None:
        attempt = stripe_client.metadata(found, "attempt")
        row = order.stripe_sessions.filter(pk=int(attempt) if attempt.isdigit() else 0, session_id=None).first()
    row = row or prepare(order=order)
    row.session_id = found.id
    return row


def _mismatch(row: StripeSession, found: Session) -> str:
    """Why the payment cannot be the one that we asked for; empty where it is."""
    if found.livemode != stripe_client.is_live():
        return _("Stripe has a payment of the other mode (test or live) for this order.")
    expected = (to_minor(row.amount, row.currency), row.currency.lower())
    if (found.amount_total, found.currency) != expected:
        return _("Stripe has a payment of another amount or currency for this order: %s.") % found.id
    return ""


def _act(order: Order, row: StripeSession, found: Session) -> str:
    if row.status in {Status.PAID, Status.RETURNED}:
        return "known already"
    if found.payment_status in {"paid", "no_payment_required"}:
        return _received(order, row)
    if row.status == Status.FAILED or (row.status == Status.PROCESSING and found.status == "open"):
        return "known already"  # asked before, this answer may come after one that is newer
    if found.status == "complete":
        return _slow_or_failed(order, row, found)
    if found.status == "expired":
        row.status = Status.EXPIRED
        return _ended(order, row)
    row.status, row.url = Status.OPEN, found.url or ""
    return "still open"


def _received(order: Order, row: StripeSession) -> str:
    """The money is there. Where the order cannot take it any more, it goes back."""
    try:
        is_new = _paid(order, message=row.session_id or "")
    except OutOfStockError:
        _give_back(order, row, reason=_("The payment came after the time for it, and the goods are gone."))
        order_mails.late_payment_refunded(order=order)
        return "late: given back"
    if not is_new:
        _give_back(order, row, reason=_("The order was paid twice."))
        return "paid twice: given back"
    row.status = Status.PAID
    expire(order=order)
    return "paid"


def _paid(order: Order, *, message: str) -> bool:
    is_new = orders.mark_paid(order=order, message=message)
    if is_new:
        carts.bought(order=order)
    return is_new


def _give_back(order: Order, row: StripeSession, *, reason: str) -> None:
    row.status = Status.RETURNED
    row.save()
    orders.record(order=order, what="flagged", message=reason)
    refunds.request(order=order, payment_intent=row.payment_intent, amount=row.amount, reason=reason)


def _slow_or_failed(order: Order, row: StripeSession, found: Session) -> str:
    intent = found.payment_intent
    status = intent.status if intent is not None and not isinstance(intent, str) else "processing"
    if status in {"requires_payment_method", "canceled"}:
        return _failed(order, row)
    row.status = Status.PROCESSING
    if order.state == Order.State.PENDING:
        order.reserved_until = timezone.now() + SLOW_PAYMENT
        order.save(update_fields=["reserved_until", "modified"])
    return "on its way"


def _failed(order: Order, row: StripeSession) -> str:
    """A slow payment was refused in the end. The buyer may pay in another way, for as long as at first."""
    row.status = Status.FAILED
    if order.state == Order.State.PENDING:
        order.reserved_until = timezone.now() + timedelta(minutes=settings.RESERVATION_MINUTES)
        order.save(update_fields=["reserved_until", "modified"])
        orders.record(order=order, what="payment failed", message=row.session_id or "")
        order_mails.payment_failed(order=order)
    return "failed"


def _ended(order: Order, row: StripeSession) -> str:
    others = order.stripe_sessions.exclude(pk=row.pk)
    is_waiting = others.filter(status__in=(Status.CREATING, Status.OPEN, Status.PROCESSING)).exists()
    if order.state == Order.State.PENDING and not is_waiting:
        row.save()
        orders.expire(order=order, reason=_("It was not paid in time."))
        return "expired: given up"
    return "expired"


def _intent_id(found: Session) -> str:
    intent = found.payment_intent
    return intent if isinstance(intent, str) else intent.id if intent else ""
