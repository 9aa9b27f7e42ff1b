from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.signing import get_cookie_signer
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecommerce.models import Cart, CartLine, Product, Variant
from ecommerce.services import carts
from ecommerce.services.errors import CartError, OutOfStockError

from .buying import CouponFactory, cart_of
from .factories import ProductFactory, ProductImageFactory, VariantFactory, sized_product

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def variant() -> Variant:
    return ProductFactory.create(title="Kettle", price="24.00", stock=10, sku="KETTLE").variants.get()


def put(client, variant, quantity="1", **headers):
    data = {"variant": variant.sku, "quantity": quantity}
    return client.post("/shop/cart/add/", data, headers={**OURS, **headers})


def post(client, address, **data):
    return client.post(f"/shop/cart/{address}/", data, headers=OURS)


def shown(client) -> str:
    response = client.get("/shop/cart/")
    assert response.status_code == 200
    return response.text


def test_a_guest_puts_something_into_a_cart_and_finds_it_again(client, variant):
    response = put(client, variant, "2")
    assert response.status_code == 303
    assert response["Location"] == "/shop/cart/"
    assert Cart.objects.get().lines.get().quantity == 2
    html = shown(client)
    assert "Added to your cart: 2 × Kettle." in html
    assert "€48.00" in html


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(client, variant, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookies = put(client, variant).cookies
    cart = cookies["cart"]
    assert (cart["httponly"], cart["samesite"], cart["secure"]) == (True, "Lax", True)
    assert cart["max-age"] == 60 * 24 * 3600
    assert str(Cart.objects.get().token) in cart.value
    assert cookies["cart_hint"].value == "1"
    assert not cookies["cart_hint"]["httponly"]


def test_looking_at_an_empty_cart_sets_no_cookie_and_makes_no_row(client):
    response = client.get("/shop/cart/")
    assert "There is nothing in it yet" in response.text
    assert not response.cookies
    assert not Cart.objects.exists()


def test_a_forged_cookie_opens_no_cart(client, variant):
    cart = cart_of(variant)
    for value in (str(cart.token), f"{cart.token}:123:abc", "\xff", "x" * 4000):
        client.cookies["cart"] = value
        assert "nothing in it yet" in shown(client)


def test_a_guests_cookie_does_not_open_the_cart_of_a_user(client, variant, alice):
    cart = cart_of(variant, user=alice)
    client.cookies["cart"] = get_cookie_signer(salt="cartecommerce.cart").sign(str(cart.token))
    assert "nothing in it yet" in shown(client)


def test_a_foreign_page_cannot_change_a_cart(client, variant):
    put(client, variant)
    line = CartLine.objects.get()
    for address, data in {
        "add": {"variant": variant.sku},
        "change": {"remove": line.pk},
        "coupon": {"coupon": "X"},
    }.items():
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
            assert client.post(f"/shop/cart/{address}/", data, headers=headers).status_code == 403
    assert CartLine.objects.get().quantity == 1


@pytest.mark.parametrize("address", ["add", "change", "coupon"])
def test_carts_change_by_post_only(client, address):
    assert client.get(f"/shop/cart/{address}/").status_code == 405


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "many", "", "１"])
def test_a_quantity_that_is_none_adds_nothing(client, variant, quantity):
    put(client, variant, quantity)
    assert not CartLine.objects.exists()
    assert "Enter a whole number of pieces" in shown(client)


@pytest.mark.parametrize("sku", ["NOT-THERE", "💥", "\x00", "x" * 3000])
def test_an_unknown_variant_adds_nothing(client, sku):
    client.post("/shop/cart/add/", {"variant": sku}, headers=OURS)
    assert not Cart.objects.exists()
    assert "no longer sold" in shown(client)


def test_more_than_is_left_becomes_what_is_left_and_says_so(client, variant):
    put(client, variant, "25")
    assert CartLine.objects.get().quantity == 10
    assert "10 added, 10 in your cart" in shown(client)
    put(client, variant)
    assert "All that is left of “Kettle” is in your cart already." in shown(client)


def test_what_is_sold_out_or_unpublished_is_not_added(variant):
    cart = Cart.objects.create()
    Variant.objects.update(stock=0)
    with pytest.raises(OutOfStockError, match="sold out"):
        carts.add(cart=cart, variant=variant)
    Variant.objects.update(stock=9)
    Product.objects.update(status=Product.INACTIVE_STATUS)
    with pytest.raises(OutOfStockError, match="no longer sold"):
        carts.add(cart=cart, variant=variant)
    assert not CartLine.objects.exists()


def test_a_line_holds_ninety_nine_pieces_at_most(variant):
    Variant.objects.update(stock=1000)
    cart = Cart.objects.create()
    assert carts.add(cart=cart, variant=variant, quantity=500).in_cart == 99
    with pytest.raises(OutOfStockError, match="more are not possible"):
        carts.add(cart=cart, variant=variant)


def test_a_cart_holds_a_hundred_lines_at_most(variant, monkeypatch):
    monkeypatch.setattr(carts, "MAX_LINES", 2)
    cart = cart_of(VariantFactory.create(), VariantFactory.create())
    with pytest.raises(CartError, match="full"):
        carts.add(cart=cart, variant=variant)


def test_with_htmx_adding_answers_in_place_and_brings_the_number(client, variant):
    response = put(client, variant, "3", **{"HX-Request": "true"})
    assert response.status_code == 200
    assert "Added to your cart: 3 × Kettle." in response.text
    assert 'id="cart-badge" hx-swap-oob="innerHTML"' in response.text
    assert ">: </span>3<" in response.text


def test_quantities_change_and_nought_removes(client, variant):
    other = VariantFactory.create()
    put(client, variant)
    put(client, other)
    first, second = CartLine.objects.order_by("pk")
    response = post(client, "change", **{f"quantity-{first.pk}": "4", f"quantity-{second.pk}": "0"})
    assert response.status_code == 303
    assert [(line.pk, line.quantity) for line in CartLine.objects.all()] == [(first.pk, 4)]


def test_a_wrong_quantity_names_its_line_and_changes_nothing(client, variant):
    put(client, variant, "2")
    post(client, "change", **{f"quantity-{CartLine.objects.get().pk}": "two"})
    assert CartLine.objects.get().quantity == 2
    assert "“Kettle”: enter a whole number of pieces." in shown(client)


def test_nobody_changes_another_visitors_cart(client, variant, alice):
    line = cart_of(variant, user=alice).lines.get()
    guests = cart_of(variant).lines.get()
    put(client, variant)
    for theirs in (line, guests):
        post(client, "change", **{f"quantity-{theirs.pk}": "7"})
        post(client, "change", remove=theirs.pk)
        theirs.refresh_from_db()
        assert theirs.quantity == 1


def test_a_line_is_removed_by_its_button(client, variant):
    put(client, variant)
    post(client, "change", remove=CartLine.objects.get().pk)
    assert "There is nothing in it yet" in shown(client)
    post(client, "change", remove="9" * 30)


def test_a_new_price_counts_at_once_and_is_explained_until_it_is_read(client, variant):
    put(client, variant)
    Variant.objects.update(price=Decimal("30.00"))
    for _time in range(2):
        html = shown(client)
        assert "“Kettle” now costs €30.00. It was €24.00." in html
    post(client, "change", accept="1")
    html = shown(client)
    assert "It was" not in html
    assert "€30.00" in html


def test_fewer_pieces_than_wanted_are_explained_and_counted_as_they_are(client, variant):
    put(client, variant, "5")
    Variant.objects.update(stock=2)
    html = shown(client)
    assert "Only 2 of “Kettle” are left." in html
    assert "€48.00" in html
    assert "only 2 left" in html
    post(client, "change", accept="1")
    assert CartLine.objects.get().quantity == 2


def test_what_is_sold_out_stays_and_costs_nothing(client, variant):
    put(client, variant)
    Variant.objects.update(stock=0)
    html = shown(client)
    assert "“Kettle” is sold out at the moment." in html
    assert "Nothing of this can be bought" in html
    post(client, "change", accept="1")
    assert CartLine.objects.exists()


@pytest.mark.parametrize("how", ["unpublished", "deleted"])
def test_what_is_no_longer_sold_is_explained_and_then_forgotten(client, variant, how):
    put(client, variant)
    if how == "deleted":
        variant.product.delete()
    else:
        Product.objects.update(status=Product.INACTIVE_STATUS)
    assert "“Kettle” is no longer sold." in shown(client)
    post(client, "change", accept="1")
    assert not CartLine.objects.exists()


def test_what_was_written_by_staff_is_text(client):
    product = ProductFactory.create(title="<b>Pot</b> & more")
    put(client, product.variants.get())
    assert "<b>Pot" not in shown(client)


# --- Coupons in the cart ---------------------------------------------------------------------------------------------


def test_a_coupon_makes_the_cart_cheaper_in_whatever_letters(client, variant):
    CouponFactory.create(code="WELCOME10")
    put(client, variant)
    post(client, "coupon", coupon=" welcome10 ")
    html = shown(client)
    assert "−€2.40" in html
    assert "€21.60" in html
    post(client, "coupon", remove="1")
    assert Cart.objects.get().coupon is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"active": False}, "We do not know a coupon “x”."),
        ({"ends": timezone.now() - timedelta(hours=1)}, "The coupon X is no longer valid."),
        ({"starts": timezone.now() + timedelta(hours=1)}, "The coupon X is not valid yet."),
        ({"minimum_amount": Decimal(25)}, "The coupon X needs goods of €25.00 or more."),
        ({"max_uses": 3, "uses": 3}, "The coupon X has been used up."),
    ],
)
def test_a_coupon_that_does_not_apply_says_why(client, variant, fields, message):
    CouponFactory.create(code="X", **fields)
    put(client, variant)
    post(client, "coupon", coupon="x")
    assert message in shown(client)
    assert Cart.objects.get().coupon is None


@pytest.mark.parametrize("code", ["", "   ", "NOPE", "💥", "x" * 500])
def test_an_unknown_code_is_refused(client, variant, code):
    put(client, variant)
    post(client, "coupon", coupon=code)
    assert re.search("Enter the code of a coupon|We do not know a coupon", shown(client))


def test_a_coupon_that_no_longer_applies_stays_and_says_why(client, variant):
    coupon = CouponFactory.create(code="X", minimum_amount=Decimal(40))
    put(client, variant, "2")
    post(client, "coupon", coupon="X")
    post(client, "change", **{f"quantity-{CartLine.objects.get().pk}": "1"})
    html = shown(client)
    assert "The coupon X needs goods of €40.00 or more." in html
    assert "€24.00" in html
    assert Cart.objects.get().coupon == coupon


# --- Logging in ------------------------------------------------------------------------------------------------------


def test_a_guests_cart_becomes_the_users_at_login(client, variant, alice):
    put(client, variant)
    log_in(client, alice)
    assert Cart.objects.get().user == alice
    assert "Kettle" in shown(client)


def log_in(client, user):
    from users.tests.factories import PASSWORD

    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302


def test_login_adds_what_the_guest_had_up_to_the_stock(client, variant, alice):
    other = VariantFactory.create()
    coupon = CouponFactory.create()
    cart_of(variant, user=alice, quantity=7)
    put(client, variant, "6")
    put(client, other, "2")
    Cart.objects.filter(user=None).update(coupon=coupon)
    log_in(client, alice)
    cart = Cart.objects.get()
    assert (cart.user, cart.coupon) == (alice, coupon)
    assert {line.variant: line.quantity for line in cart.lines.all()} == {variant: 10, other: 2}


def test_after_logging_out_the_cart_is_out_of_sight(client, variant, alice):
    put(client, variant)
    log_in(client, alice)
    client.post("/accounts/logout/")
    assert "There is nothing in it yet" in shown(client)
    assert Cart.objects.get().lines.exists()


def test_two_people_have_two_carts(client, variant, alice, charlie):
    for person in (alice, charlie):
        client.force_login(person)
        put(client, variant)
    assert Cart.objects.count() == 2


# --- The number in the header ----------------------------------------------------------------------------------------


def test_the_badge_counts_pieces(client, variant):
    assert client.get("/shop/cart/badge/").text.strip() == ""
    put(client, variant, "3")
    assert ">: </span>3<" in client.get("/shop/cart/badge/").text


def test_the_badge_of_a_user_forgets_the_guests_cookie(client, variant, alice):
    put(client, variant)
    log_in(client, alice)
    response = client.get("/shop/cart/badge/")
    assert ">: </span>1<" in response.text
    assert response.cookies["cart"]["max-age"] == 0


def test_pages_that_are_cached_show_nothing_of_a_cart(client, variant):
    stranger = client.get(variant.product.get_absolute_url())
    put(client, variant, "3")
    mine = client.get(variant.product.get_absolute_url())
    # The message of the visit before is for the cart's page, and would be taken away here.
    shown(client)
    again = client.get(variant.product.get_absolute_url())
    assert again.content == stranger.content
    assert not again.cookies
    assert again["X-Accel-Expires"]
    assert "3</span>" not in mine.text


@pytest.mark.parametrize("address", ["/shop/cart/", "/shop/cart/badge/"])
def test_what_belongs_to_a_visitor_is_never_kept(client, variant, address):
    put(client, variant)
    response = client.get(address)
    assert "X-Accel-Expires" not in response
    assert "no-store" in response["Cache-Control"]


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_cart_costs_few_queries_however_full_it_is(client, variant, alice):
    client.force_login(alice)
    put(client, variant)
    shown(client)
    few = queries(client, "/shop/cart/")
    cart = Cart.objects.get()
    for _number in range(15):
        product = ProductFactory.create()
        ProductImageFactory.create(product=product)
        carts.add(cart=cart, variant=product.variants.get())
    assert queries(client, "/shop/cart/") <= max(few, 6)
    assert few <= 6
    assert queries(client, "/shop/cart/badge/") <= 2


# --- The product's page ----------------------------------------------------------------------------------------------


def test_the_products_page_offers_it_without_a_token(client, variant):
    html = client.get(variant.product.get_absolute_url()).text
    assert 'action="/shop/cart/add/"' in html
    assert '<input type="hidden" name="variant" value="KETTLE">' in html
    assert "Add to cart" in html
    assert "csrf" not in html


def test_without_scripts_the_chosen_option_is_what_is_added(client):
    product = sized_product([("Small", "10.00", 3), ("Large", "30.00", 2)])
    html = client.get(product.get_absolute_url()).text
    form = html.partition('<form id="buy"')[2].partition("</form>")[0]
    assert form.count('type="radio" name="variant"') == 2
    assert f'formmethod="get" formaction="{product.get_absolute_url()}"' in form


def test_a_sold_out_product_has_a_dead_button_that_says_so(client, variant):
    Variant.objects.update(stock=0)
    html = client.get(variant.product.get_absolute_url()).text
    assert re.search(r"<button[^>]* disabled>Sold out</button>", html)
    assert "Add to cart" not in html


# --- Old carts -------------------------------------------------------------------------------------------------------


def test_carts_that_nobody_touched_for_sixty_days_are_deleted(variant):
    old, young = cart_of(variant), cart_of(variant)
    Cart.objects.filter(pk=old.pk).update(modified=timezone.now() - timedelta(days=61))
    Cart.objects.filter(pk=young.pk).update(modified=timezone.now() - timedelta(days=59))
    assert carts.delete_abandoned() == 1
    assert Cart.objects.get() == young
    assert carts.delete_abandoned() == 0


def test_a_cart_that_is_looked_at_lives_on(client, variant):
    put(client, variant)
    Cart.objects.update(modified=timezone.now() - timedelta(days=59))
    shown(client)
    assert timezone.now() - Cart.objects.get().modified < timedelta(minutes=1)


def test_too_many_additions_have_to_wait(client, variant, monkeypatch):
    from core.services.rate_limits import RateLimit
    from ecommerce.views import cart as views

    monkeypatch.setattr(views, "LIMIT", RateLimit(name="cart", times=2, seconds=600))
    assert [put(client, variant).status_code for _time in range(3)] == [303, 303, 429]
    assert "That was too fast." in put(client, variant, **{"HX-Request": "true"}).text
