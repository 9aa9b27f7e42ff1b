"""Numbers without gaps, documents that never change, and amounts that add up to the cent."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine

from ecommerce.models import Invoice, Order, OrderAddress
from ecommerce.models.invoice import FinalInvoiceError
from ecommerce.services import invoices
from ecommerce.tests.factories import ProductFactory, TaxRateFactory
from ecommerce.tests.orders import a_paid_order, a_refund, an_order, pay, pay_and_fail, variants

pytestmark = pytest.mark.django_db


def amount(text: str) -> Decimal:
    return Decimal(text)


def test_numbers_follow_each_other_within_a_year_and_begin_anew_with_the_next():
    with time_machine.travel(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), tick=False):
        numbers = [a_paid_order().invoices.get().number for _order in range(2)]
    with time_machine.travel(datetime(2027, 1, 1, 0, 1, tzinfo=UTC), tick=False):
        numbers.append(a_paid_order().invoices.get().number)
    assert numbers == ["INV-2026-00001", "INV-2026-00002", "INV-2027-00001"]


def test_a_number_that_was_rolled_back_is_given_to_the_next():
    a_paid_order()
    pay_and_fail(an_order())
    a_paid_order()
    assert sorted(Invoice.objects.values_list("sequence", flat=True)) == [1, 2]


def test_an_order_has_one_invoice_however_often_it_is_asked():
    order = a_paid_order()
    assert invoices.issue(order=order) == order.invoices.get()


def test_a_refund_has_one_credit_note_with_a_number_of_its_own_series():
    order = a_paid_order()
    refund = a_refund(order, amount="5.00")
    note = invoices.issue_credit_note(refund=refund)
    assert (note.number[:3], note.sequence, note.kind) == ("CN-", 1, Invoice.Kind.CREDIT_NOTE)
    assert note.refund == refund
    assert Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE).count() == 1
    assert order.invoices.get(kind="invoice").number in note.content["notes"][0]


def test_an_invoice_says_who_sold_what_to_whom(settings):
    settings.SELLER_NAME = "Hearth & Morrow GmbH"
    settings.SELLER_ADDRESS = "Große Straße 12| 10115 Berlin"
    settings.SELLER_TAX_NUMBER = "DE123456789"
    order = an_order()
    OrderAddress.objects.filter(order=order, kind="billing").update(name="Zsófia Erdős", city="Łódź", country="PL")
    content = pay(order).invoices.get().content
    assert content["seller"] == ["Hearth & Morrow GmbH", "Große Straße 12", "10115 Berlin", "Germany"]
    assert content["seller_tax_number"] == "DE123456789"
    assert content["buyer"][0] == "Zsófia Erdős"
    assert content["buyer"][-1] == "Poland"
    assert content["delivery"][0] == "Alice Example"
    assert content["order_number"] == order.number
    line = order.lines.get()
    assert content["rows"] == [
        {
            "title": line.title,
            "sku": line.sku,
            "quantity": 2,
            "unit_price": "24.00",
            "tax_percent": "20.00",
            "amount": "48.00",
        }
    ]


@pytest.mark.parametrize("include_tax", [True, False])
def test_the_tax_table_adds_up_to_the_order(include_tax):
    reduced = TaxRateFactory(name="Reduced", percent=Decimal(7))
    sold = [*variants(3, price="3.33"), *(ProductFactory(tax_rate=reduced, price="9.99").variants.get() for _n in "ab")]
    order = a_paid_order(*sold, quantities=(3, 1, 2, 5, 1), include_tax=include_tax)
    invoice = order.invoices.get()
    taxes = invoice.content["taxes"]
    assert [row["percent"] for row in taxes] == ["20.00", "7.00"]
    for row in taxes:
        assert amount(row["net"]) + amount(row["tax"]) == amount(row["gross"])
    assert sum(amount(row["gross"]) for row in taxes) == order.total == invoice.total
    assert sum(amount(row["tax"]) for row in taxes) == order.tax == invoice.tax
    rows = sum(amount(row["amount"]) for row in invoice.content["rows"])
    assert rows + sum(amount(step[1]) for step in invoice.content["steps"]) == order.total


def test_credit_notes_of_the_parts_add_up_to_the_invoice():
    [variant] = variants(price="9.99")
    order = a_paid_order(variant, quantities=(3,), shipping="4.90")
    line = order.lines.get()
    shares = [Decimal("9.99")] * 3
    notes = [a_refund(order, amount=share, lines=[(line, 1, share)]).credit_note for share in shares]
    notes.append(a_refund(order, amount="4.90", shipping=Decimal("4.90")).credit_note)
    invoice = order.invoices.get(kind="invoice")
    assert sum(note.total for note in notes) == invoice.total
    assert sum(note.tax for note in notes) == invoice.tax
    order.refresh_from_db()
    assert order.state == Order.State.REFUNDED


def test_a_bare_amount_is_shared_among_the_rates():
    reduced = TaxRateFactory(name="Reduced", percent=Decimal(7))
    sold = [*variants(price="30.00"), ProductFactory(tax_rate=reduced, price="10.00").variants.get()]
    order = a_paid_order(*sold, shipping="0.00")
    content = a_refund(order, amount="10.01").credit_note.content
    assert [(row["percent"], row["gross"]) for row in content["taxes"]] == [("20.00", "7.51"), ("7.00", "2.50")]
    assert content["total"] == "10.01"


def test_a_later_change_of_order_or_settings_does_not_change_the_invoice(settings):
    order = a_paid_order()
    before = order.invoices.get().content
    settings.SELLER_NAME = "Another name"
    order.addresses.update(name="Somebody else")
    order.lines.update(product_title="Another thing")
    assert order.invoices.get().content == before


def test_an_issued_invoice_refuses_every_change():
    invoice = a_paid_order().invoices.get()
    invoice.total = Decimal(1)
    for change in (
        invoice.save,
        invoice.delete,
        lambda: Invoice.objects.update(total=1),
        lambda: Invoice.objects.all().delete(),
        lambda: Invoice.objects.filter(pk=invoice.pk).update(pdf="x"),
    ):
        with pytest.raises(FinalInvoiceError):
            change()
    assert Invoice.objects.get().total != 1


def test_its_pdf_is_attached_once():
    invoice = a_paid_order().invoices.get()
    assert invoice.attach_pdf("invoices/2026/a.pdf")
    assert not invoice.attach_pdf("invoices/2026/b.pdf")
    assert (invoice.pdf.name, Invoice.objects.get().pdf.name) == ("invoices/2026/a.pdf", "invoices/2026/a.pdf")
