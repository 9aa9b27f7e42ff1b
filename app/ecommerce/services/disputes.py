"""Disputes: a buyer's bank takes the money back, and a person must answer, in Stripe's dashboard and by a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ecommerce.models import StripeSession
from ecommerce.services import orders, refunds, stripe_client

if TYPE_CHECKING:
    import stripe


def look(*, dispute_id: str) -> str:
    """Flag the order with how its dispute is at Stripe now, whichever of its events comes last."""
    return flag(found=stripe_client.retrieve_dispute(dispute_id))


def flag(*, found: stripe.Dispute) -> str:
    """Let the order say that it is disputed until a person has looked: once for each state of the dispute."""
    intent = refunds.id_of(found.payment_intent)
    session = StripeSession.objects.filter(payment_intent=intent).select_related("order").first()
    if not intent or session is None:
        return "no such payment"
    reason = _("The payment is disputed (%(status)s): answer in Stripe’s dashboard.") % {"status": found.status}
    if session.order.events.filter(what="flagged", message=reason).exists():
        return "flagged before"
    orders.set_attention(order=session.order, reason=reason)
    return "flagged"
