"""The PDF says what was recorded, on as many pages as it needs, and is the same each time."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from ecommerce.models import Invoice, OrderAddress
from ecommerce.services import invoice_pdf, invoices
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.orders import a_paid_order, a_refund, an_order, pay
from ecommerce.tests.pdf_text import pages_of
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db


def test_it_says_who_what_and_how_much_in_every_letter(settings):
    settings.SELLER_NAME = "Hearth & Morrow"
    settings.SELLER_TAX_NUMBER = "DE123456789"
    order = an_order(ProductFactory(title="Łódź bowl № 5, ő and ß", price="1234.50").variants.get())
    OrderAddress.objects.filter(order=order, kind="billing").update(name="Zsófia Erdős")
    invoice = pay(order).invoices.get()
    [page] = pages_of(invoice_pdf.render(invoice))
    for part in (
        "Invoice",
        invoice.number,
        order.number,
        "Hearth & Morrow",
        "DE123456789",
        "Zsófia Erdős",
        "Łódź bowl № 5, ő and ß",
        "€1,234.50",
        "€1,239.40",
        "Standard 20 %",
        "Page 1 of 1",
        "Nothing is left to pay.",
    ):
        assert part in page, page


def test_a_long_order_fills_pages_with_the_head_on_each():
    sold = [ProductFactory(title=f"Thing number {number}", stock=99).variants.get() for number in range(60)]
    invoice = a_paid_order(*sold).invoices.get()
    pages = pages_of(invoice_pdf.render(invoice))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert invoice.number in page
        assert "Description" in page or number == len(pages)
    everything = "\n".join(pages)
    assert all(everything.count(f"Thing number {number}\n") == 1 for number in range(60))
    assert "Total" in pages[-1]


def test_a_credit_note_names_the_invoice_that_it_corrects():
    order = a_paid_order()
    note = a_refund(order, amount=Decimal("4.90"), shipping=Decimal("4.90"), reason="It came late.").credit_note
    [page] = pages_of(invoice_pdf.render(note))
    for part in ("Credit note", note.number, order.invoices.get(kind="invoice").number, "€4.90", "It came late."):
        assert part in page, page


def test_the_document_names_itself_and_its_language_and_embeds_its_letters():
    invoice = a_paid_order().invoices.get()
    pdf = invoice_pdf.render(invoice)
    assert b"/Lang (en)" in pdf
    assert f"{invoice.number}".encode("utf-16-be") in pdf or invoice.number.encode() in pdf
    assert pdf.count(b"/FontFile2") == 2


def test_rendering_again_gives_the_same_file(settings):
    invoice = a_paid_order().invoices.get()
    first = invoice_pdf.render(invoice)
    settings.SELLER_NAME = "Another name"
    assert invoice_pdf.render(Invoice.objects.get()) == first


def test_the_job_stores_it_among_the_private_files_and_once(settings):
    invoice = a_paid_order().invoices.get()
    jobs.run_due()
    invoice = Invoice.objects.get(pk=invoice.pk)
    [stored] = settings.PRIVATE_ROOT.rglob("*.pdf")
    assert stored.name == f"{invoice.number}.pdf"
    assert invoice_pdf.ensure(invoice) == invoice.pdf.name
    assert len(list(settings.PRIVATE_ROOT.rglob("*.pdf"))) == 1
    assert not settings.MEDIA_ROOT.exists() or not list(settings.MEDIA_ROOT.rglob("*.pdf"))


def test_two_workers_at_once_leave_one_file(settings):
    invoice = a_paid_order().invoices.get()
    slower = Invoice.objects.get(pk=invoice.pk)
    invoice_pdf.ensure(invoice)
    assert invoice_pdf.ensure(slower) == invoice.pdf.name
    assert len(list(settings.PRIVATE_ROOT.rglob("*.pdf"))) == 1


def test_a_file_that_was_lost_is_made_again(settings):
    invoice = a_paid_order().invoices.get()
    before = invoice_pdf.read(invoice)
    [stored] = settings.PRIVATE_ROOT.rglob("*.pdf")
    stored.unlink()
    assert invoice_pdf.read(invoice) == before


def test_pdfs_are_drawn_anew_from_what_the_invoices_say(settings):
    first, second = a_paid_order().invoices.get(), a_paid_order().invoices.get()
    jobs.run_due()
    for invoice in (first, second):
        invoice.refresh_from_db()
    name, content = first.pdf.name, dict(first.content)
    first.pdf.storage.delete(name)
    first.pdf.storage.save(name, ContentFile(b"old"))

    call_command("render_invoices", first.number, stdout=io.StringIO())
    jobs.run_due()
    first.refresh_from_db()
    assert (first.pdf.name, first.content) == (name, content)
    assert invoice_pdf.read(first).startswith(b"%PDF")
    [job] = Job.objects.filter(kind=invoices.RENDER_AGAIN)
    assert (job.result, job.progress_current, job.progress_total) == (1, 1, 1)

    call_command("render_invoices", stdout=io.StringIO())
    jobs.run_due()
    assert Job.objects.filter(kind=invoices.RENDER_AGAIN).latest("pk").result == 2


def test_a_number_that_is_none_draws_nothing():
    with pytest.raises(CommandError, match="There is no invoice or credit note INV-1"):
        call_command("render_invoices", "INV-1")
    assert not Job.objects.filter(kind=invoices.RENDER_AGAIN).exists()
