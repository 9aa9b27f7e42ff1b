"""Money on its way back. The row is written first, with the key that makes Stripe do it once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecommerce.models import Order, Refund, RefundLine, StripeSession
from ecommerce.services import orders, stripe_client
from ecommerce.services.errors import PaymentRefusedError
from ecommerce.services.minor_units import from_minor, to_minor
from tasks.services import jobs

if TYPE_CHECKING:
    import stripe

    from users.models import CustomUser

SEND = "ecommerce.send_refund"
ERROR_LENGTH = 300
# Stripe's words for how far a refund is, and ours.
STATUSES = {
    "succeeded": Refund.Status.SUCCEEDED,
    "failed": Refund.Status.FAILED,
    "canceled": Refund.Status.FAILED,
}


def request(
    *,
    order: Order,
    payment_intent: str,
    amount: Decimal,
    lines: Sequence[RefundLine] = (),
    shipping: Decimal = Decimal(0),
    reason: str = "",
    requested_by: CustomUser | None = None,
) -> Refund:
    """Write the refund and ask for the job that sends it, in the caller's transaction, which holds the order."""
    refund = Refund.objects.create(
        order=order,
        payment_intent=payment_intent,
        amount=amount,
        shipping=shipping,
        reason=reason[:ERROR_LENGTH],
        requested_by=requested_by,
    )
    for line in lines:
        line.refund = refund
    RefundLine.objects.bulk_create(lines)
    jobs.enqueue(SEND, key=f"refund-{refund.pk}", refund_id=refund.pk)
    return refund


def send(*, refund_id: int) -> str:
    """Tell Stripe, once however often this runs: the row's key sees to that."""
    refund = Refund.objects.select_related("order").get(pk=refund_id)
    if refund.status != Refund.Status.REQUESTED:
        return f"is {refund.status}"
    parameters: dict[str, Any] = {
        "payment_intent": refund.payment_intent,
        "metadata": {"order": refund.order.number, "refund": str(refund.pk)},
    }
    # Of a payment that the order never took everything goes back. Without an amount Stripe gives what is left of it:
    # some may have been given back in the dashboard meanwhile.
    if not _is_surplus(refund):
        parameters["amount"] = to_minor(refund.amount, refund.order.currency)
    try:
        made = stripe_client.create_refund(parameters=parameters, key=str(refund.idempotency_key))
    except PaymentRefusedError as error:
        _refused(refund, str(error))
        return f"refused: {error}"
    return apply(order=refund.order, found=made)


def look(*, payment_intent: str) -> str:
    """Bring every refund of that payment to where Stripe says that it is, also those made in Stripe's dashboard."""
    session = StripeSession.objects.filter(payment_intent=payment_intent).select_related("order").first()
    if not payment_intent or session is None:
        return "no such payment"
    outcomes = [apply(order=session.order, found=found) for found in stripe_client.refunds_of(payment_intent)]
    return ", ".join(outcomes) or "nothing given back"


def apply(*, order: Order, found: stripe.Refund) -> str:
    """Act on a refund as Stripe knows it, once for each of its states."""
    with transaction.atomic(durable=True):
        order = Order.objects.select_for_update().get(pk=order.pk)
        refund = _row_of(order, found)
        before, refund.status = refund.status, STATUSES.get(str(found.status), Refund.Status.PENDING)
        refund.refund_id = found.id
        refund.amount = from_minor(found.amount, found.currency)
        refund.error = str(getattr(found, "failure_reason", None) or "")[:ERROR_LENGTH]
        refund.save()
        if refund.status != before:
            _follow(refund)
    return f"{found.id} {refund.status}"


def _row_of(order: Order, found: stripe.Refund) -> Refund:
    refund = order.refunds.select_for_update().filter(refund_id=found.id).first()
    if refund is None:
        ours = stripe_client.metadata(found, "refund")
        refund = order.refunds.filter(pk=int(ours) if ours.isdigit() else 0, refund_id=None).first()
    return refund or _made_elsewhere(order, found)


def _made_elsewhere(order: Order, found: stripe.Refund) -> Refund:
    reason = _("Given back in Stripe’s own dashboard.")
    orders.set_attention(order=order, reason=reason)
    return Refund.objects.create(
        order=order,
        payment_intent=id_of(found.payment_intent),
        amount=from_minor(found.amount, found.currency),
        reason=reason,
    )


def _follow(refund: Refund) -> None:
    if refund.status == Refund.Status.FAILED:
        orders.set_attention(order=refund.order, reason=_("A refund has failed: %s") % (refund.error or refund))
    elif refund.status == Refund.Status.SUCCEEDED and not _is_surplus(refund):
        orders.record_refund(refund=refund)


def _is_surplus(refund: Refund) -> bool:
    """Of money that the order never took: it came too late, or twice."""
    returned = StripeSession.Status.RETURNED
    return StripeSession.objects.filter(payment_intent=refund.payment_intent, status=returned).exists()


@transaction.atomic
def _refused(refund: Refund, error: str) -> None:
    Order.objects.select_for_update().get(pk=refund.order_id)  # before the refund, as everywhere
    Refund.objects.filter(pk=refund.pk, status=Refund.Status.REQUESTED).update(
        status=Refund.Status.FAILED, error=error[:ERROR_LENGTH]
    )
    orders.set_attention(order=refund.order, reason=_("Stripe refused a refund: %s") % error)


def id_of(value: object) -> str:
    """The id of one of Stripe's objects, which may be there whole or as its id."""
    if isinstance(value, str):
        return value
    found = value.get("id") if isinstance(value, dict) else getattr(value, "id", "")
    return str(found or "")
