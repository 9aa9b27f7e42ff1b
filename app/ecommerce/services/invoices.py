"""Invoices and credit notes: the next number without a gap, and all that the document says, copied once.

A number is taken by raising the last one in the series' row, whose lock is held until the caller's transaction ends:
what is rolled back gives its number back, and nobody else has taken a later one meanwhile. So issue last.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from ecommerce.models import Invoice, InvoiceSequence, Order, Refund
from ecommerce.services import invoice_content
from ecommerce.services.invoice_content import Content
from tasks.services import jobs

RENDER = "ecommerce.render_invoice"


def issue(*, order: Order) -> Invoice:
    """The order's invoice, made and numbered if there is none yet, and its PDF asked for.

    Call it last in the transaction that marks the order as paid: it locks the year's sequence.
    """
    existing = order.invoices.filter(kind=Invoice.Kind.INVOICE).first()
    if existing:
        return existing
    return _issue(order=order, kind=Invoice.Kind.INVOICE, content=invoice_content.of_order(order))


def issue_credit_note(*, refund: Refund) -> Invoice:
    """The refund's credit note, once however often it is asked. Call it last, as ``issue``."""
    existing = Invoice.objects.filter(refund=refund).first()
    if existing:
        return existing
    content = invoice_content.of_refund(refund, issue(order=refund.order))
    return _issue(order=refund.order, kind=Invoice.Kind.CREDIT_NOTE, content=content, refund=refund)


def has_credit_note(*, refund: Refund) -> bool:
    return Invoice.objects.filter(refund=refund).exists()


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
    InvoiceSequence.objects.get_or_create(series=series, year=year)
    sequence = InvoiceSequence.objects.select_for_update().get(series=series, year=year)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last
