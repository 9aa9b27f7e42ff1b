"""What buyers see of their orders, and that nobody else sees it."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from ecommerce.models import Cart, Order, StripeSession, Variant
from ecommerce.services import orders, payments
from ecommerce.services.order_links import invoice_path, order_path
from ecommerce.tests.orders import a_paid_order, a_refund, an_order, variants

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_link_shows_the_order_without_an_account(client):
    order = a_paid_order()
    page = client.get(order_path(order))
    assert page.status_code == 200
    for part in (order.number, "Lindenstraße 5", "€52.90", "we are packing it", order.invoices.get().number):
        assert part in text(page)


@pytest.mark.parametrize("change", ["token", "number"])
def test_a_wrong_link_finds_nothing(client, change):
    order = a_paid_order()
    values = {"number": order.number, "token": order.token}
    values[change] = {"token": uuid.uuid4(), "number": a_paid_order().number}[change]
    assert client.get(reverse("ecommerce:order", kwargs=values)).status_code == 404


def test_the_page_is_kept_by_nobody_and_found_by_no_search_engine(client):
    page = client.get(order_path(a_paid_order()))
    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]
    assert "X-Accel-Expires" not in page
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"
    assert b'name="robots" content="noindex' in page.content
    assert b'rel="canonical"' not in page.content


def test_an_order_that_waits_says_for_how_long(client):
    page = text(client.get(order_path(an_order())))
    assert "waits for its payment" in page
    assert "for another 30 minutes" in page


@pytest.fixture
def checks(monkeypatch):
    """Of which orders Stripe was asked."""
    asked = []
    monkeypatch.setattr(payments, "check_soon", lambda *, order: asked.append(order.pk))
    return asked


def test_back_from_the_payment_page_it_looks_for_the_money_and_calls_itself_again(client, checks):
    order = an_order()
    page = text(client.get(order_path(order), {"payment": "done"}))
    assert "We are looking for your payment" in page
    assert f'content="2;url={order_path(order)}?payment=done&amp;look=1"' in page
    assert checks == [order.pk]
    assert "Pay €" not in page, "nobody should pay twice"


def test_it_does_not_call_itself_for_ever(client, checks):
    order = an_order()
    page = text(client.get(order_path(order), {"payment": "done", "look": "20"}))
    assert "http-equiv" not in page
    assert "Back to the payment page" in page


@pytest.mark.parametrize("look", ["x", "-1", "9999999", "٣", ""])
def test_an_odd_address_is_no_error(client, checks, look):
    assert client.get(order_path(an_order()), {"payment": "done", "look": look}).status_code == 200


def test_a_payment_by_a_slow_method_is_waited_for(client, checks):
    order = an_order()
    StripeSession.objects.create(
        order=order, amount=order.total, currency="EUR", expires_at=timezone.now(), status="processing"
    )
    page = text(client.get(order_path(order)))
    assert "Your payment is on its way." in page
    assert "/pay/" not in page


def test_once_paid_the_page_looks_no_more(client, checks):
    page = text(client.get(order_path(a_paid_order()), {"payment": "done"}))
    assert "http-equiv" not in page
    assert checks == []


def test_the_way_of_the_order_is_shown_step_by_step(client, bob):
    order = a_paid_order()
    orders.ship(order=order, carrier="DHL", tracking_number="JD01", tracking_url="https://dhl.example/JD01", actor=bob)
    page = text(client.get(order_path(order)))
    assert '<li class="progress-line__step progress-line__step--done" aria-current="step">Sent' in page
    assert 'href="https://dhl.example/JD01" rel="noopener noreferrer"' in page


def test_a_cancelled_order_says_that_nothing_was_charged(client):
    order = an_order(state=Order.State.CANCELLED)
    page = text(client.get(order_path(order)))
    assert "Nothing was charged" in page
    assert "progress-line" not in page


def test_money_given_back_is_shown_with_its_credit_note(client):
    order = a_paid_order()
    note = a_refund(order, amount=Decimal("5.00")).credit_note
    page = text(client.get(order_path(order)))
    assert "€5.00 has been given back" in page
    assert note.number in page


def test_hostile_text_of_the_buyer_is_harmless(client):
    order = an_order(customer_note="<script>alert(1)</script>")
    order.addresses.update(name="<img src=x onerror=alert(1)>")
    page = client.get(order_path(order)).content
    assert b"<script>alert" not in page
    assert b"<img src=x" not in page


def test_pages_cost_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    order = a_paid_order(*variants(12))
    with django_assert_max_num_queries(8):
        client.get(order_path(order))


# Accounts


def test_the_account_lists_its_own_orders_only(client, alice, charlie):
    mine, other = a_paid_order(user=alice), a_paid_order(user=charlie)
    client.force_login(alice)
    page = text(client.get(reverse("orders:list")))
    assert mine.number in page
    assert other.number not in page


def test_an_empty_list_leads_to_the_shop(client, alice):
    client.force_login(alice)
    assert "not ordered anything yet" in text(client.get(reverse("orders:list")))


def test_older_orders_are_on_the_next_page(client, alice):
    numbers = [an_order(user=alice).number for _order in range(13)]
    client.force_login(alice)
    first = text(client.get(reverse("orders:list")))
    assert [number for number in numbers if number in first] == numbers[3:]
    before = Order.objects.get(number=numbers[3]).pk
    second = text(client.get(reverse("orders:list"), {"before": before}))
    assert [number for number in numbers if number in second] == numbers[:3]
    assert "Older orders" not in second


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "0", "٣"])
def test_a_page_that_does_not_exist_is_no_error(client, alice, before):
    client.force_login(alice)
    assert client.get(reverse("orders:list"), {"before": before}).status_code == 200


def test_the_list_costs_the_same_for_one_order_and_for_many(client, alice, django_assert_num_queries):
    client.force_login(alice)
    an_order(user=alice)
    client.get(reverse("orders:list"))
    for number in (1, 9):
        for _order in range(number):
            an_order(user=alice)
        with django_assert_num_queries(3):  # user, orders, lines; the session is cached
            client.get(reverse("orders:list"))


def test_only_its_buyer_opens_an_order_in_the_account(client, alice, charlie, bob):
    order = a_paid_order(user=alice)
    address = reverse("orders:detail", args=[order.number])
    assert client.get(address).status_code == 302
    for person, status in ((alice, 200), (charlie, 404), (bob, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status


def test_the_profile_leads_to_the_orders(client, alice):
    client.force_login(alice)
    assert reverse("orders:list").encode() in client.get(reverse("users:profile")).content


# Buying again


def again(client, order):
    address = reverse("ecommerce:order_again", kwargs={"number": order.number, "token": order.token})
    return client.post(address, follow=True)


def test_buying_again_fills_the_cart_and_says_what_is_missing(client):
    there, gone, few, draft = variants(4, stock=10)
    order = a_paid_order(there, gone, few, draft, quantities=(2, 1, 3, 1))
    gone.delete()
    Variant.objects.filter(pk=few.pk).update(stock=1)
    draft.product.status = draft.product.INACTIVE_STATUS
    draft.product.save()
    page = again(client, order)
    cart = Cart.objects.get()
    assert {line.variant: line.quantity for line in cart.lines.all()} == {there: 2, few: 1}
    told = [str(message) for message in page.context["messages"]]
    assert sum("no longer sold" in message for message in told) == 2
    assert any("More of" in message for message in told)
    assert any(there.product.title in message for message in told)


def test_buying_again_goes_into_the_cart_of_who_is_logged_in(client, alice):
    order = a_paid_order(user=alice)
    client.force_login(alice)
    again(client, order)
    assert Cart.objects.get().user == alice


def test_buying_again_needs_the_right_link_and_a_click(client):
    order = a_paid_order()
    address = reverse("ecommerce:order_again", kwargs={"number": order.number, "token": uuid.uuid4()})
    assert client.post(address).status_code == 404
    assert client.get(reverse("ecommerce:order_again", args=[order.number, order.token])).status_code == 405
    assert not Cart.objects.exists()


# Invoices


def test_who_may_download_an_invoice(client, alice, bob, charlie, dave, erin):
    invoice = a_paid_order(user=alice).invoices.get()
    address = reverse("ecommerce:own_invoice", args=[invoice.number])
    assert client.get(address).status_code == 302
    for person, status in ((alice, 200), (bob, 200), (dave, 200), (charlie, 404), (erin, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status, person


def test_the_link_downloads_the_invoice_without_an_account(client):
    invoice = a_paid_order().invoices.get()
    answer = client.get(invoice_path(invoice))
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_wrong_token_downloads_nothing(client):
    invoice, other = a_paid_order().invoices.get(), a_paid_order().invoices.get()
    for token in (uuid.uuid4(), other.token, invoice.order.token):
        address = reverse("ecommerce:invoice", kwargs={"number": invoice.number, "token": token})
        assert client.get(address).status_code == 404


def test_the_token_of_an_order_that_is_not_mine_is_not_in_my_list(client, alice, charlie):
    other = a_paid_order(user=charlie)
    client.force_login(alice)
    assert str(other.token).encode() not in client.get(reverse("orders:list")).content


# Finding an order again


def lookup(client, number: str, email: str):
    return client.post(reverse("ecommerce:order_lookup"), {"number": number, "email": email})


def test_the_link_is_mailed_to_who_ordered(client, outbox):
    order = an_order()
    typed = f" {order.number.lower().replace('-', ' ')} "
    assert lookup(client, typed, "Alice@Example.com").status_code == 302
    [mail] = outbox()
    assert mail["To"] == "alice@example.com"
    assert order_path(order) in mail.get_body(("plain",)).get_content()
    assert order_path(order) in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(("number", "email"), [("own", "charlie@example.com"), ("ABCD-EFGH", "alice@example.com")])
def test_the_answer_does_not_tell_whether_there_is_such_an_order(client, outbox, number, email):
    order = an_order()
    right = lookup(client, order.number, order.email)
    wrong = lookup(client, order.number if number == "own" else number, email)
    assert (right.status_code, right.url) == (wrong.status_code, wrong.url)
    assert len(outbox()) == 1


def test_asking_too_often_is_refused_with_what_was_typed(client):
    for _time in range(10):
        lookup(client, "ABCD-EFGH", "alice@example.com")
    answer = lookup(client, "ABCD-EFGH", "alice@example.com")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert b"ABCD-EFGH" in answer.content


def test_a_mailbox_gets_only_so_many_links_a_day(client, outbox):
    order = an_order()
    for _time in range(7):
        lookup(client, order.number, order.email)
    assert len(outbox()) == 5


def test_a_form_that_is_not_filled_in_says_what_is_missing(client):
    answer = lookup(client, "", "not an address")
    assert answer.status_code == 400
    assert answer.content.count(b'class="field__error"') == 2


def test_programs_that_fill_in_everything_get_the_same_answer_and_no_mail(client, outbox):
    order = an_order()
    form = {"number": order.number, "email": order.email, "website": "spam"}
    assert client.post(reverse("ecommerce:order_lookup"), form).status_code == 302
    assert outbox() == []
