"""The PDF of an invoice or credit note: made once, kept, and made again where it is lost."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from core import languages
from ecommerce.models import Invoice
from ecommerce.services.batches import batches

Progress = Callable[[int, int, str], None]

BATCH = 200


def file_name(invoice: Invoice) -> str:
    return f"{invoice.number}.pdf"


def ensure(invoice: Invoice) -> str:
    """Store the PDF where it is not stored yet; its name in the private storage. Safe to run twice, and at once."""
    if not invoice.pdf:
        storage = invoice.pdf.storage
        wanted = invoice.pdf.field.generate_filename(invoice, file_name(invoice))
        name = storage.save(wanted, ContentFile(render(invoice)))
        if not invoice.attach_pdf(name):
            storage.delete(name)  # somebody was faster, with the same file
    return str(invoice.pdf.name)


def render_again(*, invoices: QuerySet[Invoice], progress: Progress) -> int:
    """Draw the PDFs anew from what the invoices have always said, as after a change of the letterhead; how many.

    The documents themselves never change. A file that is missing for a moment is made by whoever asks for it.
    """
    total, done = invoices.count(), 0
    for batch in batches(invoices, size=BATCH):
        for invoice in batch:
            progress(done, total, str(invoice.number))
            _replace(invoice)
            done += 1
    progress(done, total, "")
    return done


def _replace(invoice: Invoice) -> None:
    drawn = ContentFile(render(invoice))
    name, storage = ensure(invoice), invoice.pdf.storage
    storage.delete(name)
    storage.save(name, drawn)


def read(invoice: Invoice) -> bytes:
    """The stored file; made now where the job has not come to it, or where it was lost."""
    name, storage = ensure(invoice), invoice.pdf.storage
    if not storage.exists(name):
        storage.save(name, ContentFile(render(invoice)))
    with storage.open(name) as stored:
        return bytes(stored.read())


def render(invoice: Invoice) -> bytes:
    # Its libraries take 25 MB: only the process that draws has them.
    from ecommerce.services import invoice_drawing

    with languages.speaking(invoice.content.get("language", "")):
        return invoice_drawing.draw(invoice)
