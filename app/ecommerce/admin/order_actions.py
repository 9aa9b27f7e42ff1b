"""What staff can do with an order: each a page that asks, a permission, and one call of the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.money import money
from ecommerce.admin.order_forms import MailForm, NoteForm, OrderActionForm, ReasonForm, RefundForm, ShipForm
from ecommerce.models import Order
from ecommerce.services import orders, refund_amounts

State = Order.State


@dataclass(frozen=True)
class OrderAction:
    """``apply`` returns what was done, as a sentence; it raises ShopError where that is not possible."""

    name: str
    label: Any
    permission: str
    form: type[OrderActionForm]
    fits: Callable[[Order], bool]
    apply: Callable[[Order, Any, Any], str]
    question: Callable[[Order], str]
    is_dangerous: bool = False

    def is_allowed(self, user: Any) -> bool:
        return bool(user.has_perm(f"ecommerce.{self.permission}"))


def _may_become(state: str) -> Callable[[Order], bool]:
    return lambda order: state in orders.TRANSITIONS[order.state]


def _ship(order: Order, form: Any, actor: Any) -> str:
    orders.ship(order=order, **form.cleaned_data, actor=actor)
    return _("Order %s is marked as shipped. The buyer gets a mail.") % order


def _complete(order: Order, form: Any, actor: Any) -> str:
    orders.complete(order=order, actor=actor)
    return _("Order %s is completed.") % order


def _cancel(order: Order, form: Any, actor: Any) -> str:
    # Without the right to refund, the service refuses what would need one.
    give_back = actor.has_perm("ecommerce.refund_order")
    orders.cancel(order=order, reason=form.cleaned_data["reason"], actor=actor, give_back=give_back)
    return _("Order %s is cancelled. The buyer gets a mail.") % order


def _refund(order: Order, form: Any, actor: Any) -> str:
    refund = orders.refund(
        order=order,
        lines=form.quantities,
        shipping=form.shipping,
        restock=form.cleaned_data["restock"],
        reason=form.cleaned_data["reason"],
        actor=actor,
        refunds_before=form.cleaned_data["refunds_before"],
    )
    values = {"amount": money(refund.amount, order.currency), "order": order}
    return _("%(amount)s of order %(order)s goes back to the buyer. The credit note and the mail follow.") % values


def _mail(order: Order, form: Any, actor: Any) -> str:
    orders.mail_again(order=order, mail=form.cleaned_data["mail"], actor=actor)
    return _("The mail is on its way to %s.") % order.email


def _note(order: Order, form: Any, actor: Any) -> str:
    orders.note(order=order, text=form.cleaned_data["text"], actor=actor)
    return _("The note is in the history of order %s.") % order


def _look(order: Order, form: Any, actor: Any) -> str:
    orders.set_attention(order=order, reason="", actor=actor)
    return _("Order %s needs no attention any more.") % order


def _cancel_question(order: Order) -> str:
    left = refund_amounts.available(order=order)
    if left:
        text = _("The buyer gets %(amount)s back, the pieces are on sale again at once, and a mail tells of it.")
        return text % {"amount": money(left, order.currency)}
    return _("The pieces are on sale again at once, and the buyer gets a mail. Nothing was charged.")


def _says(text: Any) -> Callable[[Order], str]:
    return lambda order: str(text)


ACTIONS: dict[str, OrderAction] = {
    action.name: action
    for action in (
        OrderAction(
            "ship",
            gettext_lazy("Mark as shipped"),
            "ship_order",
            ShipForm,
            _may_become(State.SHIPPED),
            _ship,
            _says(gettext_lazy("The buyer gets a mail with what you enter here.")),
        ),
        OrderAction(
            "complete",
            gettext_lazy("Complete"),
            "ship_order",
            OrderActionForm,
            _may_become(State.COMPLETED),
            _complete,
            _says(gettext_lazy("The parcel has arrived, and nothing is left to do. No mail is sent.")),
        ),
        OrderAction(
            "cancel",
            gettext_lazy("Cancel the order"),
            "cancel_order",
            ReasonForm,
            _may_become(State.CANCELLED),
            _cancel,
            _cancel_question,
            is_dangerous=True,
        ),
        OrderAction(
            "refund",
            gettext_lazy("Refund"),
            "refund_order",
            RefundForm,
            lambda order: order.refundable > 0,
            _refund,
            _says(gettext_lazy("Choose what to give back. The amount is shown before anything happens.")),
            is_dangerous=True,
        ),
        OrderAction(
            "mail",
            gettext_lazy("Send a mail again"),
            "mail_order",
            MailForm,
            lambda order: True,
            _mail,
            _says(gettext_lazy("It goes to the address that the order was placed with.")),
        ),
        OrderAction(
            "note",
            gettext_lazy("Write a note"),
            "note_order",
            NoteForm,
            lambda order: True,
            _note,
            _says(gettext_lazy("For colleagues. The buyer does not see it.")),
        ),
        OrderAction(
            "look",
            gettext_lazy("Needs no attention any more"),
            "note_order",
            OrderActionForm,
            lambda order: bool(order.attention),
            _look,
            _says(gettext_lazy("Say that somebody has looked at it. The history keeps what it was about.")),
        ),
    )
}


def open_to(user: Any, order: Order) -> list[OrderAction]:
    """What this member of staff can do with the order now."""
    return [action for action in ACTIONS.values() if action.fits(order) and action.is_allowed(user)]


__all__ = ["ACTIONS", "OrderAction", "open_to"]
