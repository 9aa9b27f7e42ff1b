from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.services.addresses import Address
from core.services.rate_limits import RateLimit
from core.tests.factories import PageFactory
from ecommerce.models import Cart, Coupon, Order, Product, ShippingMethod, Variant
from ecommerce.services import address_book, carts, orders, payments
from ecommerce.services.errors import PaymentUnavailableError
from ecommerce.views import checkout as views

from .buying import CouponFactory, ShippingMethodFactory, form_data
from .factories import ProductFactory

pytestmark = pytest.mark.django_db

CHECKOUT = "/shop/checkout/"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _sells(settings, monkeypatch):
    settings.STRIPE_API_KEY = "sk_test_for_tests"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_for_tests"
    monkeypatch.setattr(payments, "start", lambda *, order: f"https://pay.example/{order.number}")


@pytest.fixture
def variant() -> Variant:
    return ProductFactory.create(title="Kettle", price="24.00", stock=10, sku="KETTLE").variants.get()


@pytest.fixture
def method() -> ShippingMethod:
    return ShippingMethodFactory.create(name="Standard", countries=["DE", "US", "IE"])


@pytest.fixture
def cart(client, variant, method) -> Cart:
    client.post("/shop/cart/add/", {"variant": variant.sku, "quantity": "2"}, headers=OURS)
    client.get("/shop/cart/")  # takes the message
    return Cart.objects.get()


def send(client, cart, method, /, **changes):
    return client.post(CHECKOUT, form_data(cart, method, **changes))


def test_the_page_shows_all_that_is_paid_for(client, cart):
    PageFactory.create(title="Terms", slug="terms", in_footer=True)
    cache.clear()  # where the footer's pages are
    html = client.get(CHECKOUT).text
    for text in (
        "2 × Kettle",
        "Standard",
        "€4.90",
        "Pay €52.90",
        "of that VAT 20\N{NO-BREAK SPACE}% on €44.08",
        "€8.82",
    ):
        assert text in html
    assert 'href="/pages/terms/"' in html
    assert "obligation to pay" in html


def test_a_guest_orders_and_is_sent_to_the_payment_page(client, cart, method):
    response = send(client, cart, method, note="Ring twice.")
    order = Order.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"https://pay.example/{order.number}"
    assert (order.total, order.user, order.customer_note) == (Decimal("52.90"), None, "Ring twice.")


def test_a_user_orders_as_themselves(client, cart, method, alice):
    client.force_login(alice)
    mine = carts.of_user(user=alice)
    carts.add(cart=mine, variant=Variant.objects.get())
    send(client, mine, method)
    assert Order.objects.get().user == alice


def test_a_user_finds_the_addresses_of_the_last_order(client, cart, method, alice):
    client.force_login(alice)
    mine = carts.of_user(user=alice)
    carts.add(cart=mine, variant=Variant.objects.get())
    assert 'value="Alice Example"' in client.get(CHECKOUT).text
    send(client, mine, method, **{"ship-street": "Ahornweg 7"})
    carts.bought(order=Order.objects.get())
    carts.add(cart=mine, variant=Variant.objects.get())
    html = client.get(CHECKOUT).text
    assert 'value="Ahornweg 7"' in html
    assert 'value="alice@example.com"' in html


def test_a_double_click_makes_one_order(client, cart, method):
    data = form_data(cart, method)
    answers = [client.post(CHECKOUT, data) for _click in range(3)]
    assert {answer["Location"] for answer in answers} == {f"https://pay.example/{Order.objects.get().number}"}
    assert Variant.objects.get().stock == 8


def test_two_tabs_make_one_order(client, cart, method):
    first, second = form_data(cart, method), form_data(cart, method)
    assert client.get(CHECKOUT).status_code == 200
    assert client.post(CHECKOUT, first)["Location"] == client.post(CHECKOUT, second)["Location"]
    assert Order.objects.count() == 1


def test_the_back_button_shows_the_cart_as_it_was_and_the_order_that_waits(client, cart, method):
    send(client, cart, method, note="Ring twice.")
    order = Order.objects.get()
    for address in ("/shop/cart/", CHECKOUT):
        html = client.get(address).text
        assert f"You have an order waiting for payment: {order.number}." in html
        assert "Kettle" in html
    assert f"/shop/orders/{order.number}/{order.token}/" in html
    assert "Ring twice." in html
    assert 'value="Lindenweg 4"' in html


def test_going_back_and_sending_the_same_again_is_the_same_order(client, cart, method):
    send(client, cart, method)
    cart.refresh_from_db()
    assert client.get(CHECKOUT).status_code == 200
    send(client, cart, method)
    assert Order.objects.count() == 1


def test_going_back_and_changing_the_address_replaces_the_order(client, cart, method):
    send(client, cart, method)
    response = send(client, cart, method, **{"ship-street": "Ahornweg 7"})
    old, new = Order.objects.order_by("pk")
    assert response["Location"] == f"https://pay.example/{new.number}"
    assert (old.state, new.state) == (Order.State.CANCELLED, Order.State.PENDING)
    assert new.addresses.get(kind="shipping").street == "Ahornweg 7"
    assert Variant.objects.get().stock == 8


def test_changing_the_cart_gives_the_waiting_order_up(client, cart, method):
    send(client, cart, method)
    order = Order.objects.get()
    line = cart.lines.get()
    client.post("/shop/cart/change/", {f"quantity-{line.pk}": "1"}, headers=OURS)
    assert f"Order {order.number}, which waited for payment, has been given up" in client.get("/shop/cart/").text
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert Variant.objects.get().stock == 10


def test_paying_in_another_tab_leads_this_one_to_the_order(client, cart, method):
    data = form_data(cart, method)
    client.post(CHECKOUT, data)
    order = Order.objects.get()
    Order.objects.update(state=Order.State.PAID, paid_at=timezone.now())
    carts.bought(order=order)
    response = client.post(CHECKOUT, data)
    assert response["Location"] == f"/shop/orders/{order.number}/{order.token}/"
    assert client.get(CHECKOUT)["Location"] == "/shop/cart/"


def test_an_order_that_expired_is_offered_again(client, cart, method):
    data = form_data(cart, method)
    client.post(CHECKOUT, data)
    order = Order.objects.get()
    orders.expire(order=order, reason="not paid")
    response = client.post(CHECKOUT, data)
    assert response.status_code == 409
    assert f"Order {order.number} was not paid in time" in response.text
    cart.refresh_from_db()
    assert send(client, cart, method).status_code == 303
    assert Order.objects.filter(state=Order.State.PENDING).count() == 1


def test_an_old_page_of_an_order_given_up_does_not_hide_the_one_that_waits(client, cart, method):
    old = form_data(cart, method)
    client.post(CHECKOUT, old)
    send(client, cart, method, note="Other")
    waiting = Order.objects.get(state=Order.State.PENDING)
    response = client.post(CHECKOUT, old)
    assert response.status_code == 409
    assert f"You have an order waiting for payment: {waiting.number}." in response.text
    cart.refresh_from_db()
    assert cart.checkout_key == waiting.checkout_key


def test_a_price_that_changed_meanwhile_is_shown_before_it_is_charged(client, cart, method):
    data = form_data(cart, method, note="Keep me.")
    Variant.objects.update(price=Decimal("30.00"))
    response = client.post(CHECKOUT, data)
    assert response.status_code == 409
    assert not Order.objects.exists()
    for text in ("Something has changed since you looked", "now costs €30.00", "Pay €64.90", "Keep me.", "Lindenweg 4"):
        assert text in response.text
    assert re.search(r'name="terms"[^>]*checked', response.text)
    assert send(client, cart, method).status_code == 303
    assert Order.objects.get().total == Decimal("64.90")


def test_what_sold_out_meanwhile_is_explained(client, cart, method):
    data = form_data(cart, method)
    Variant.objects.update(stock=1)
    response = client.post(CHECKOUT, data)
    assert response.status_code == 409
    assert "Only 1 of “Kettle” is left." in response.text
    Variant.objects.update(stock=0)
    response = client.post(CHECKOUT, data)
    assert response["Location"] == "/shop/cart/"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "tampered", [{"shown": "0" * 32}, {"shown": None}, {"total": "0.01", "price": "0.01", "shown": ""}]
)
def test_hidden_fields_that_were_tampered_with_change_no_price(client, cart, method, tampered):
    assert send(client, cart, method, **tampered).status_code == 409
    assert not Order.objects.exists()


@pytest.mark.parametrize("key", ["", None, "nonsense", "💥", "00000000-0000-4000-8000-000000000000"])
def test_a_key_that_is_none_of_ours_finds_nobodys_order(client, cart, method, key):
    response = send(client, cart, method, key=key)
    assert response.status_code in {303, 409}
    assert Order.objects.count() <= 1


def test_an_unknown_method_is_refused(client, cart, method):
    elsewhere = ShippingMethodFactory.create(countries=["FR"])
    for wrong in (str(elsewhere.pk), "0", "x", None):
        response = send(client, cart, method, method=wrong)
        assert response.status_code == 400
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": ""}, "id_email"),
        ({"email": "nobody"}, "id_email"),
        ({"ship-name": ""}, "id_ship-name"),
        ({"ship-street": "  "}, "id_ship-street"),
        ({"ship-city": ""}, "id_ship-city"),
        ({"ship-postal_code": "1"}, "id_ship-postal_code"),
        ({"ship-country": "XX"}, "id_ship-country"),
        ({"ship-country": "US", "ship-postal_code": "95014"}, "id_ship-region"),
        ({"ship-name": "x" * 121}, "id_ship-name"),
        ({"ship-phone": "1" * 41}, "id_ship-phone"),
        ({"different": "on", "bill-country": "DE"}, "id_bill-name"),
        ({"different": "on", "bill-country": "GB"}, "id_bill-postal_code"),
        ({"terms": None}, "id_terms"),
        ({"note": "x" * 1001}, "id_note"),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_nothing_typed_is_lost(client, cart, method, changes, field):
    response = send(client, cart, method, **{"note": "Keep me.", "ship-company": "Keep Ltd", **changes})
    assert response.status_code == 400
    assert f'<a href="#{field}">' in response.text
    assert f'id="{field}_error"' in response.text
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="{field}"', response.text)
    assert "Keep Ltd" in response.text
    assert not Order.objects.exists()


def test_an_invoice_address_that_is_not_asked_for_is_not_judged(client, cart, method):
    response = send(client, cart, method, **{"email": "", "bill-country": "GB", "bill-city": "London"})
    assert response.status_code == 400
    assert 'id="id_bill-name_error"' not in response.text
    assert 'value="London"' in response.text


def test_a_country_where_nothing_goes_says_so(client, cart, method):
    response = send(client, cart, method, **{"ship-country": "FR"})
    assert response.status_code == 400
    assert "We do not deliver to that country." in response.text
    assert "We cannot send anything to that country" in response.text


def test_without_any_method_the_page_says_so(client, cart):
    ShippingMethod.objects.all().delete()
    html = client.get(CHECKOUT).text
    assert "We cannot send anything to that country" in html
    assert 'value="pay"' not in html


def test_another_country_asks_for_other_things_and_keeps_what_was_typed(client, cart, method):
    response = send(client, cart, method, action="update", **{"ship-country": "US", "email": "half", "ship-street": ""})
    assert response.status_code == 200
    assert "ZIP code" in response.text
    assert "California" in response.text
    assert 'value="half"' in response.text
    assert "field__error" not in response.text
    assert not Order.objects.exists()


def test_the_chosen_method_is_in_the_sum(client, cart, method):
    express = ShippingMethodFactory.create(name="Express", price=Decimal("12.00"))
    response = send(client, cart, method, action="update", method=str(express.pk))
    assert "Pay €60.00" in response.text
    # Sent without the update, it is shown before it is charged.
    assert send(client, cart, method, method=str(express.pk)).status_code == 409
    assert not Order.objects.exists()


def test_the_invoice_can_go_to_another_address(client, cart, method):
    other = {"bill-name": "Firm", "bill-street": "1 High St", "bill-postal_code": "EC1Y 8SY", "bill-city": "London"}
    send(client, cart, method, different="on", **other, **{"bill-country": "GB"})
    order = Order.objects.get()
    assert order.addresses.get(kind="billing").city == "London"
    assert order.addresses.get(kind="shipping").city == "Berlin"


def test_a_coupon_is_applied_on_the_page(client, cart, method):
    CouponFactory.create(code="WELCOME10")
    response = send(client, cart, method, action="coupon", coupon="welcome10", note="Keep me.")
    assert response.status_code == 200
    assert "−€4.80" in response.text
    assert "Keep me." in response.text
    response = send(client, cart, method, action="remove-coupon")
    assert "−€4.80" not in response.text


def test_a_coupon_that_is_unknown_is_refused_beside_its_field(client, cart, method):
    response = send(client, cart, method, action="coupon", coupon="nope", note="Keep me.")
    assert response.status_code == 400
    assert "We do not know a coupon “nope”." in response.text
    assert 'value="nope"' in response.text
    assert "Keep me." in response.text


def test_a_coupon_typed_but_not_applied_is_shown_before_it_counts(client, cart, method):
    CouponFactory.create(code="TEN")
    data = form_data(cart, method, coupon="TEN")
    response = client.post(CHECKOUT, data)
    assert response.status_code == 409
    assert "Pay €48.10" in response.text


def test_a_coupon_used_before_by_this_customer_is_refused(client, cart, method):
    coupon = CouponFactory.create(code="ONCE", max_uses_per_customer=1)
    send(client, cart, method)
    order = Order.objects.get()
    Order.objects.update(coupon=coupon, holds_coupon=True)
    carts.bought(order=order)
    Order.objects.update(state=Order.State.PAID)
    carts.add(cart=cart, variant=Variant.objects.get())
    carts.set_coupon(cart=cart, coupon=coupon)
    cart.refresh_from_db()
    response = send(client, cart, method)
    assert response.status_code == 409
    assert "You have used the coupon ONCE already." in response.text
    assert send(client, cart, method, email="another@example.com").status_code == 303
    assert Coupon.objects.get().uses == 1


def test_a_free_order_needs_no_payment(client, cart, method):
    ShippingMethod.objects.update(price=0)
    method.refresh_from_db()
    carts.set_coupon(cart=cart, coupon=CouponFactory.create(value=Decimal(100)))
    assert "It costs nothing." in client.get(CHECKOUT).text
    response = send(client, cart, method)
    order = Order.objects.get()
    assert order.state == Order.State.PAID
    assert response["Location"] == f"/shop/orders/{order.number}/{order.token}/"


def test_when_the_payment_page_is_away_the_order_is_kept(client, cart, method, monkeypatch):
    def away(*, order):
        raise PaymentUnavailableError("The payment page does not answer.")

    monkeypatch.setattr(payments, "start", away)
    response = send(client, cart, method)
    order = Order.objects.get()
    assert response["Location"] == f"/shop/orders/{order.number}/{order.token}/"
    assert order.state == Order.State.PENDING


def test_without_stripe_the_page_says_so_kindly(client, cart, method, settings):
    settings.STRIPE_API_KEY = ""
    html = client.get(CHECKOUT).text
    assert "not set up to take payments yet" in html
    assert "STRIPE_API_KEY" not in html
    assert 'value="pay"' not in html
    assert send(client, cart, method).status_code == 409
    assert not Order.objects.exists()
    settings.DEBUG = True
    assert "STRIPE_API_KEY" in client.get(CHECKOUT).text


def test_an_empty_cart_has_no_checkout(client, cart):
    cart.lines.all().delete()
    for response in (client.get(CHECKOUT), client.post(CHECKOUT, {}), Client().get(CHECKOUT)):
        assert response["Location"] == "/shop/cart/"


def test_a_cart_of_what_is_no_longer_sold_has_no_checkout(client, cart):
    Product.objects.update(status=Product.INACTIVE_STATUS)
    assert client.get(CHECKOUT)["Location"] == "/shop/cart/"


def test_it_needs_the_token(variant, method):
    client = Client(enforce_csrf_checks=True)
    client.post("/shop/cart/add/", {"variant": variant.sku}, headers=OURS)
    cart = Cart.objects.get()
    assert send(client, cart, method).status_code == 403
    assert not Order.objects.exists()


def test_the_page_is_never_kept(client, cart):
    response = client.get(CHECKOUT)
    assert "no-store" in response["Cache-Control"]
    assert "X-Accel-Expires" not in response


def test_too_many_attempts_have_to_wait_and_lose_nothing(client, cart, method, monkeypatch):
    monkeypatch.setattr(views, "LIMIT", RateLimit(name="checkout", times=1, seconds=600))
    send(client, cart, method, email="wrong")
    response = send(client, cart, method, note="Keep me.")
    assert response.status_code == 429
    assert response["Retry-After"]
    assert "Keep me." in response.text
    assert not Order.objects.exists()


def test_nobody_orders_another_visitors_cart(cart, method):
    stranger = Client()
    response = stranger.post(CHECKOUT, form_data(cart, method))
    assert response["Location"] == "/shop/cart/"
    assert not Order.objects.exists()


def test_it_costs_few_queries_however_full_the_cart_is(client, cart, method, alice):
    client.force_login(alice)
    mine = carts.of_user(user=alice)
    for _number in range(3):
        carts.add(cart=mine, variant=ProductFactory.create().variants.get())
    client.get(CHECKOUT)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(CHECKOUT).status_code == 200
        return len(captured)

    few = queries()
    for _number in range(10):
        carts.add(cart=mine, variant=ProductFactory.create().variants.get())
    assert queries() == few
    assert few <= 9


def test_browsers_can_fill_it_in(client, cart):
    html = client.get(CHECKOUT).text
    for name in ("shipping name", "shipping address-line1", "shipping postal-code", "billing country", "email"):
        assert f'autocomplete="{name}"' in html
    assert 'type="tel"' in html


def test_a_coupon_that_ends_while_the_page_is_open_stops_the_order(client, cart, method):
    carts.set_coupon(cart=cart, coupon=CouponFactory.create(code="TEN"))
    data = form_data(cart, method)
    Coupon.objects.update(ends=timezone.now() - timedelta(seconds=1))
    response = client.post(CHECKOUT, data)
    assert response.status_code == 409
    assert "The coupon TEN is no longer valid." in response.text
    assert django_settings.CURRENCY == "EUR"
    assert not Order.objects.exists()


def test_the_security_policy_lets_the_browser_go_on_to_the_payment_page(client, cart):
    """Browsers follow a form's redirect only to what form-action names."""
    policy = client.get(CHECKOUT).headers["Content-Security-Policy"]
    assert "form-action 'self' https://checkout.stripe.com" in policy


# --- The address book -------------------------------------------------------------------------------------------------

POTSDAM = Address(name="Bea", street="Ring 1", postal_code="10117", city="Potsdam", country="DE", phone="030 1")


def test_a_user_finds_the_defaults_of_the_address_book(client, alice, variant, method):
    address_book.add(user=alice, address=POTSDAM)
    client.force_login(alice)
    client.post("/shop/cart/add/", {"variant": variant.sku, "quantity": "2"}, headers=OURS)
    html = client.get(CHECKOUT).text
    assert 'value="Ring 1"' in html
    assert 'value="Potsdam"' in html


def test_an_address_of_the_book_is_filled_in_by_a_button(client, alice, variant, method):
    address_book.add(user=alice, address=Address(**{**POTSDAM.as_fields(), "street": "Default 1"}))
    other = address_book.add(user=alice, address=POTSDAM)
    client.force_login(alice)
    client.post("/shop/cart/add/", {"variant": variant.sku, "quantity": "2"}, headers=OURS)
    cart = Cart.objects.get(user=alice)
    form = form_data(cart, method, action="fill", saved=str(other.pk), note="Ring twice")
    html = client.post(CHECKOUT, form).text
    assert 'value="Ring 1"' in html
    assert "Ring twice" in html
    assert not Order.objects.exists()


def test_nobody_fills_in_the_address_of_another(client, cart, method, alice):
    saved = address_book.add(user=alice, address=POTSDAM)
    html = send(client, cart, method, action="fill", saved=str(saved.pk)).text
    assert "Ring 1" not in html


def test_an_address_is_saved_where_that_is_wanted(client, alice, variant, method):
    client.force_login(alice)
    client.post("/shop/cart/add/", {"variant": variant.sku, "quantity": "2"}, headers=OURS)
    cart = Cart.objects.get(user=alice)
    assert client.post(CHECKOUT, form_data(cart, method, save_address="on")).status_code == 303
    [saved] = address_book.of(alice)
    assert saved.street == Order.objects.get().addresses.get(kind="shipping").street
