"""Mails about orders. Asking for one is a job, in the transaction of its cause; each is asked for, and sent, once.

The job writes the mail when it runs, so that it says what is true then and can hold the invoice's PDF, which takes
longer to make than a payment may wait. Its key is also that of the job which sends: running it twice sends once.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core import languages
from core.services import mails
from core.site_address import absolute
from ecommerce.models import Invoice, Order, Refund
from ecommerce.services import invoice_pdf, order_links
from ecommerce.services.invoice_content import address_lines
from tasks.mail import serialise
from tasks.services import jobs

SEND = "ecommerce.order_mail"
TO_STAFF = frozenset({"needs_attention"})


def confirmation(*, order: Order) -> None:
    _ask("confirmation", order)


def shipped(*, order: Order) -> None:
    _ask("shipped", order)


def cancelled(*, order: Order) -> None:
    _ask("cancelled", order)


def expired(*, order: Order) -> None:
    """Nobody paid in time, and the pieces are on sale again."""
    _ask("expired", order)


def payment_failed(*, order: Order) -> None:
    """A payment was refused after the buyer had left, as slow methods do."""
    _ask("payment_failed", order)


def late_payment_refunded(*, order: Order) -> None:
    """The money came when the goods had gone, and goes back."""
    _ask("late_payment_refunded", order)


def refunded(*, refund: Refund) -> None:
    _ask("refunded", refund.order, refund=refund)


def needs_attention(*, order: Order, occasion: int) -> None:
    """To staff: nobody looks at a list of orders all day, and Stripe gives a dispute only so long."""
    _ask("needs_attention", order, occasion=occasion)


def link(*, order: Order) -> None:
    """The way to the order's page, each time that the buyer asks for it."""
    _ask("link", order, occasion=uuid.uuid4().hex)


def again(*, order: Order, mail: str, occasion: int) -> None:
    """Send it once more; ``occasion`` (the key of the history's entry) tells this time from the others."""
    _ask(mail, order, refund=order.refunds.first() if mail == "refunded" else None, occasion=occasion)


def send(*, mail: str, order_id: int, refund_id: int | None, key: str) -> None:
    """Write the mail and hand it over to be sent, once for each key."""
    order = Order.objects.select_related("user").get(pk=order_id)
    refund = Refund.objects.get(pk=refund_id) if refund_id else None
    papers = _papers(mail, order, refund)
    with languages.speaking("" if mail in TO_STAFF else order.language):
        message = _composed(mail, order, refund, papers)
    for paper in papers:
        message.attach(invoice_pdf.file_name(paper), invoice_pdf.read(paper), "application/pdf")
    jobs.enqueue("mail.send", key=key, message=serialise(message))


def _composed(mail: str, order: Order, refund: Refund | None, papers: list[Invoice]) -> EmailMultiAlternatives:
    return mails.compose(
        template=f"ecommerce/mail/order_{mail}",
        to=settings.SUPPORT_EMAIL if mail in TO_STAFF else order.email,
        context=_context(order, refund, papers),
        reply_to=[order.email if mail in TO_STAFF else settings.SUPPORT_EMAIL],
    )


def _ask(mail: str, order: Order, *, refund: Refund | None = None, occasion: int | str | None = None) -> None:
    if order.forgotten_at:
        return  # nobody is there to read it
    parts = ["order", order.pk, mail, refund.pk if refund else None, f"again-{occasion}" if occasion else None]
    key = "-".join(str(part) for part in parts if part is not None)
    jobs.enqueue(SEND, key=key, mail=mail, order_id=order.pk, refund_id=refund.pk if refund else None, send_key=key)


def _papers(mail: str, order: Order, refund: Refund | None) -> list[Invoice]:
    if mail == "confirmation":
        return list(order.invoices.filter(kind=Invoice.Kind.INVOICE))
    if mail == "refunded":
        return list(Invoice.objects.filter(refund=refund))
    return []


def _context(order: Order, refund: Refund | None, papers: list[Invoice]) -> dict[str, Any]:
    addresses = {address.kind: address_lines(address) for address in order.addresses.all()}
    return {
        "order": order,
        "lines": list(order.lines.all()),
        "addresses": addresses,
        "refund": refund,
        "papers": [(paper, order_links.invoice_url(paper)) for paper in papers],
        "order_url": order_links.order_url(order),
        "admin_url": absolute(reverse("admin:ecommerce_order_change", args=[order.pk])),
    }
