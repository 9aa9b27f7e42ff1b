"""The durable jobs of orders and invoices, apart from the catalogue's."""

from __future__ import annotations

from ecommerce.models import Invoice
from ecommerce.services import invoice_pdf, invoices, order_mails
from tasks.services import jobs


@jobs.handler(invoices.RENDER)
def render_invoice(job: jobs.RunningJob, *, invoice_id: int) -> str:
    return invoice_pdf.ensure(Invoice.objects.get(pk=invoice_id))


@jobs.handler(order_mails.SEND)
def order_mail(job: jobs.RunningJob, *, mail: str, order_id: int, refund_id: int | None, send_key: str) -> None:
    order_mails.send(mail=mail, order_id=order_id, refund_id=refund_id, key=send_key)
