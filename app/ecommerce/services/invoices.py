"""Invoices and credit notes: the next number without a gap, and all that the document says, copied once.

A number is taken by raising the last one in the series' row, whose lock is held until the caller's transaction ends:
what is rolled back gives its number back, and nobody else has taken a later one meanwhile. So issue last.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from core import languages
from ecommerce.models import Invoice, InvoiceSequence, Order, Refund
from ecommerce.services import invoice_content
from ecommerce.services.invoice_content import Content
from tasks.services import jobs

RENDER = "ecommerce.render_invoice"
RENDER_AGAIN = "ecommerce.render_invoices_again"


def issue(*, order: Order) -> Invoice:
    """The order's invoice, made and numbered if there is none yet, and its PDF asked for.

    Call it last in the transaction that marks the order as paid: it locks the year's sequence.
    """
    existing = order.invoices.filter(kind=Invoice.Kind.INVOICE).first()
    if existing:
        return existing
    return _issue(order=order, kind=Invoice.Kind.INVOICE, content=_worded(order, invoice_content.of_order, order))


def issue_credit_note(*, refund: Refund) -> Invoice:
    """The refund's credit note, once however often it is asked. Call it last, as ``issue``."""
    existing = Invoice.objects.filter(refund=refund).first()
    if existing:
        return existing
    content = _worded(refund.order, invoice_content.of_refund, refund, issue(order=refund.order))
    return _issue(order=refund.order, kind=Invoice.Kind.CREDIT_NOTE, content=content, refund=refund)


def has_credit_note(*, refund: Refund) -> bool:
    return Invoice.objects.filter(refund=refund).exists()


def _worded(order: Order, make: Callable[..., Content], *of: Any) -> Content:
    """What the document says, in the language of the order whoever issues it."""
    with languages.speaking(order.language):
        return make(*of)


def _issue(*, order: Order, kind: Invoice.Kind, content: Content, refund: Refund | None = None) -> Invoice:
    issued = timezone.now()
    series = settings.INVOICE_PREFIX if kind == Invoice.Kind.INVOICE else settings.CREDIT_NOTE_PREFIX
    year, number = timezone.localtime(issued).year, _next(series, issued)
    invoice = Invoice.objects.create(
        order=order,
        refund=refund,
        kind=kind,
        number=f"{series}-{year}-{number:05}",
        series=series,
        year=year,
        sequence=number,
        issued=issued,
        currency=order.currency,
        total=content.total,
        tax=content.tax,
        content=content.as_json(),
    )
    jobs.enqueue(RENDER, key=f"invoice-{invoice.pk}", invoice_id=invoice.pk)
    return invoice


def _next(series: str, moment: datetime) -> int:
    """Raise the last number by one. Its row stays locked until the transaction ends."""
    year = timezone.localtime(moment).year
    sequence = InvoiceSequence.objects.filter(series=series, year=year)
    if not sequence.update(last=F("last") + 1):
        _begin(series, year)
        sequence.update(last=F("last") + 1)
    return sequence.values_list("last", flat=True).get()


def _begin(series: str, year: int) -> None:
    """Make the year's row, where no other transaction is about to.

    With an upsert: an INSERT that fails leaves a shared lock in MySQL, and two transactions that hold one and want the
    row for themselves are a deadlock. Should the very first payments of a year come at once and one of them be undone,
    it can still be one: MySQL then undoes a second payment, whose job does it again.
    """
    target = ["series", "year"] if connection.features.supports_update_conflicts_with_target else None
    InvoiceSequence.objects.bulk_create(
        [InvoiceSequence(series=series, year=year)],
        update_conflicts=True,
        update_fields=["series"],
        unique_fields=target,
    )
