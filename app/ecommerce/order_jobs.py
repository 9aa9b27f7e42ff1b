"""The durable jobs of orders and invoices, apart from the catalogue's."""

from __future__ import annotations

from ecommerce.models import Invoice
from ecommerce.services import invoice_pdf, invoices, order_mails
from tasks import queues
from tasks.services import jobs


@jobs.handler(invoices.RENDER)
def render_invoice(job: jobs.RunningJob, *, invoice_id: int) -> str:
    return invoice_pdf.ensure(Invoice.objects.get(pk=invoice_id))


@jobs.handler(invoices.RENDER_AGAIN, queue=queues.BULK)
def render_invoices_again(job: jobs.RunningJob, *, numbers: list[str]) -> int:
    """Those, or all where none is named."""
    chosen = Invoice.objects.filter(number__in=numbers) if numbers else Invoice.objects.all()
    return invoice_pdf.render_again(invoices=chosen, progress=job.progress)


@jobs.handler(order_mails.SEND)
def order_mail(job: jobs.RunningJob, *, mail: str, order_id: int, refund_id: int | None, send_key: str) -> None:
    order_mails.send(mail=mail, order_id=order_id, refund_id=refund_id, key=send_key)
