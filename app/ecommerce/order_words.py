"""How the shop speaks of an order: the entries of its history, its state in plain words, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecommerce.models import Order

State = Order.State

# What services.orders, checkout and payments record. Other texts are shown as they are.
EVENTS: dict[str, Any] = {
    "placed": gettext_lazy("Placed"),
    "attached": gettext_lazy("Put into the buyer's account: the e-mail address is confirmed"),
    "paid": gettext_lazy("Paid"),
    "shipped": gettext_lazy("Shipped"),
    "completed": gettext_lazy("Completed"),
    "cancelled": gettext_lazy("Cancelled"),
    "expired": gettext_lazy("Given up: not paid in time"),
    "abandoned": gettext_lazy("Given up: the buyer changed the cart"),
    "refund requested": gettext_lazy("Refund asked for"),
    "refunded": gettext_lazy("Refunded in full"),
    "refunded in part": gettext_lazy("Refunded in part"),
    "mail": gettext_lazy("Mail sent again"),
    "note": gettext_lazy("Note"),
    "flagged": gettext_lazy("Needs attention"),
    "looked at": gettext_lazy("Attention no longer needed"),
}


@dataclass(frozen=True)
class Step:
    label: str
    done: bool
    current: bool


def event(what: str) -> str:
    return str(EVENTS.get(what, what))


def headline(order: Order) -> str:
    """The state as a sentence for the buyer."""
    match order.state:
        case State.PENDING:
            return _("Your order waits for its payment.")
        case State.PAID:
            return _("Thank you! Your order is paid, and we are packing it.")
        case State.SHIPPED:
            return _("Your order is on its way to you.")
        case State.COMPLETED:
            return _("Your order has been delivered.")
        case State.REFUNDED:
            return _("Your order has been refunded.")
    if order.is_paid:
        return _("Your order has been cancelled, and the money goes back to you.")
    return _("Your order has been cancelled. Nothing was charged.")


def steps(order: Order) -> list[Step]:
    """The way of an order that goes well; nothing for one that does not."""
    labels = {
        State.PENDING: _("Ordered"),
        State.PAID: _("Paid"),
        State.SHIPPED: _("Sent"),
        State.COMPLETED: _("Delivered"),
    }
    if order.state not in labels:
        return []
    reached = list(labels).index(State(order.state))
    return [Step(label, place <= reached, place == reached) for place, label in enumerate(labels.values())]
