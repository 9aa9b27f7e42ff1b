"""Each mail about an order: to whom, saying what, with which papers, and once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ecommerce.models import Order
from ecommerce.services import invoice_pdf, order_links, order_mails, orders
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.orders import a_paid_order, a_refund, an_order
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db


def bodies(mail) -> tuple[str, str]:
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return " ".join(plain.get_content().split()), " ".join(html.get_content().split())


def says(mail, *parts: str) -> bool:
    return all(part in body for body in bodies(mail) for part in parts)


def test_the_confirmation_lists_the_order_and_carries_the_invoice(outbox):
    variant = ProductFactory(title="Bowl “Łódź”", price="24.00").variants.get()
    order = a_paid_order(variant, quantities=(2,))
    [mail] = outbox()
    invoice = order.invoices.get()
    assert mail["To"] == "alice@example.com"
    assert order.number in mail["Subject"]
    assert says(mail, "Bowl “Łódź”", "€48.00", "€4.90", "€52.90", "Lindenstraße 5", order_links.order_url(order))
    [attached] = list(mail.iter_attachments())
    assert attached.get_filename() == f"{invoice.number}.pdf"
    assert attached.get_content() == invoice_pdf.read(invoice)


def test_it_is_sent_once_even_if_its_job_runs_twice(outbox):
    a_paid_order()
    outbox()
    job = Job.objects.get(kind=order_mails.SEND)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, attempts=0)
    jobs.run_due()
    assert len(outbox()) == 1


def test_the_parcel_is_announced_with_its_number_and_link(outbox, bob):
    order = a_paid_order()
    outbox()
    orders.ship(
        order=order, carrier="DHL", tracking_number="JD014", tracking_url="https://dhl.example/JD014", actor=bob
    )
    mail = outbox()[-1]
    assert "on its way" in mail["Subject"]
    assert says(mail, "DHL", "JD014", "https://dhl.example/JD014", "2 × ", "Lindenstraße 5")


def test_a_refund_is_told_with_its_credit_note(outbox):
    order = a_paid_order()
    line = order.lines.get()
    refund = a_refund(order, amount="24.00", lines=[(line, 1, Decimal("24.00"))], reason="Broken")
    mail = outbox()[-1]
    assert says(mail, "€24.00", f"1 × {line.title}", order_links.order_url(order))
    [attached] = list(mail.iter_attachments())
    assert attached.get_filename() == f"{refund.credit_note.number}.pdf"


@pytest.mark.parametrize(
    ("mail", "sentence"),
    [
        ("cancelled", "Nothing was charged."),
        ("expired", "nothing was charged"),
        ("payment_failed", "refused the payment"),
        ("late_payment_refunded", "somebody else bought the pieces"),
    ],
)
def test_the_other_mails_say_what_happened(outbox, mail, sentence):
    order = an_order()
    getattr(order_mails, mail)(order=order)
    getattr(order_mails, mail)(order=order)
    [sent] = outbox()
    assert order.number in sent["Subject"]
    assert says(sent, sentence, order_links.order_url(order), order.number)
    assert not list(sent.iter_attachments())


def test_a_mail_is_sent_again_when_staff_ask_for_it(outbox):
    order = a_paid_order()
    outbox()
    order_mails.again(order=order, mail="confirmation", occasion=1)
    order_mails.again(order=order, mail="confirmation", occasion=1)
    order_mails.again(order=order, mail="confirmation", occasion=2)
    assert len(outbox()) == 3


def test_an_apostrophe_stays_one_in_plain_text_and_no_markup_gets_into_html(outbox):
    order = an_order(coupon_code="<b>", discount=Decimal(1))
    order.lines.update(product_title="Alice's <i>bowl</i>")
    order_mails.expired(order=order)
    plain, html = bodies(outbox()[0])
    assert "Alice's <i>bowl</i>" in plain
    assert "Alice&#x27;s &lt;i&gt;bowl&lt;/i&gt;" in html


def test_answers_go_to_the_shop(outbox, settings):
    settings.SUPPORT_EMAIL = "help@shop.example"
    a_paid_order()
    assert outbox()[0]["Reply-To"] == "help@shop.example"


def test_a_prices_without_tax_order_says_the_tax(outbox):
    order = a_paid_order(include_tax=False)
    assert says(outbox()[0], "Tax", f"€{order.tax}", f"€{order.total}")


def test_no_mail_for_an_order_whose_change_was_undone(outbox):
    from ecommerce.tests.orders import pay_and_fail

    order = an_order()
    pay_and_fail(order)
    assert outbox() == []
    assert Order.objects.get(pk=order.pk).state == Order.State.PENDING
