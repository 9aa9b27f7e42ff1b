from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.services.addresses import AddressError
from ecommerce.models import Cart, Coupon, Order, OrderAddress, Product, TaxRate, Variant
from ecommerce.services import carts, checkout, coupons, orders
from ecommerce.services.errors import (
    CartChangedError,
    CheckoutError,
    CouponError,
    OrderWaitingError,
    OutOfStockError,
)

from .buying import BERLIN, CouponFactory, ShippingMethodFactory, cart_of, details, place
from .factories import ProductFactory, TaxRateFactory, sized_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sells(settings):
    settings.STRIPE_API_KEY = "sk_test_for_tests"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_for_tests"


@pytest.fixture
def variant() -> Variant:
    return ProductFactory.create(title="Kettle", price="24.00", stock=10, sku="KETTLE").variants.get()


@pytest.fixture
def method():
    return ShippingMethodFactory.create(name="Standard")


@pytest.fixture
def cart(variant) -> Cart:
    return cart_of(variant, quantity=2)


def stock(variant: Variant) -> int:
    return Variant.objects.get(pk=variant.pk).stock


def shown(cart: Cart, method) -> str:
    return checkout.quote(review=carts.review(cart=cart), method=method).fingerprint


def test_an_order_copies_everything_that_was_agreed(cart, variant, method, alice):
    order = place(cart, method, user=alice, note=" Ring twice. ", email="Alice@Example.com")
    Product.objects.update(title="Renamed")
    Variant.objects.update(price=Decimal(99), sku="NEW")
    TaxRate.objects.update(percent=Decimal(5))
    order = Order.objects.get(pk=order.pk)
    line = order.lines.get()
    assert (line.product_title, line.sku, line.quantity, line.unit_price) == ("Kettle", "KETTLE", 2, Decimal(24))
    assert (line.total, line.tax, line.tax_percent, line.tax_name) == (Decimal(48), Decimal(8), Decimal(20), "Standard")
    assert (order.goods, order.shipping, order.tax, order.total) == (
        Decimal(48),
        Decimal("4.90"),
        Decimal("8.82"),
        Decimal("52.90"),
    )
    assert (order.email, order.user, order.customer_note) == ("alice@example.com", alice, "Ring twice.")
    assert (order.shipping_name, order.shipping_tax_percent, order.currency) == ("Standard", Decimal(20), "EUR")
    assert order.prices_include_tax
    assert order.terms_accepted is not None
    kinds = {row.kind: checkout.address_of(row) for row in order.addresses.all()}
    assert kinds == {OrderAddress.Kind.SHIPPING: BERLIN, OrderAddress.Kind.BILLING: BERLIN}
    event = order.events.get()
    assert (event.what, event.actor, event.to_state) == ("placed", alice, "pending")


def test_pieces_are_held_for_as_long_as_the_setting_says(cart, variant, method, settings):
    settings.RESERVATION_MINUTES = 45
    order = place(cart, method)
    assert stock(variant) == 8
    assert order.reservation == Order.Reservation.HELD
    assert abs(order.reserved_until - timezone.now() - timedelta(minutes=45)) < timedelta(seconds=30)


def test_prices_without_tax_get_it_on_top(cart, method, settings):
    settings.PRICES_INCLUDE_TAX = False
    order = place(cart, method)
    assert (order.goods, order.shipping, order.tax) == (Decimal(48), Decimal("4.90"), Decimal("10.58"))
    assert order.total == Decimal("63.48")
    assert not order.prices_include_tax


def test_two_titles_of_an_option_are_told_apart(method):
    large = sized_product([("Large", "30.00", 4)], title="Mug").variants.get()
    line = place(cart_of(large), method).lines.get()
    assert (line.product_title, line.variant_title, line.title) == ("Mug", "Large", "Mug – Large")


def test_the_same_key_gives_the_same_order(cart, variant, method):
    key = cart.checkout_key
    first = place(cart, method, key=key)
    assert [place(cart, method, key=key) for _click in range(3)] == [first] * 3
    assert Order.objects.count() == 1
    assert stock(variant) == 8


def test_the_cart_stays_as_it_was_until_the_order_is_paid(cart, method):
    order = place(cart, method)
    review = carts.review(cart=Cart.objects.get())
    assert review.waiting == order
    assert [line.quantity for line in review.to_buy] == [2]
    assert carts.bought(order=order)
    cart.refresh_from_db()
    assert not cart.lines.exists()
    assert cart.checkout_key != order.checkout_key
    assert not carts.bought(order=order)


def test_a_cart_that_was_changed_since_is_not_emptied(cart, method):
    order = place(cart, method)
    carts.renew_key(cart=cart)
    assert not carts.bought(order=order)
    assert cart.lines.exists()


def test_the_buyers_own_held_pieces_do_not_count_as_sold_out(variant, method):
    cart = cart_of(variant, quantity=10)
    place(cart, method)
    assert stock(variant) == 0
    [line] = carts.review(cart=cart).lines
    assert (line.quantity, line.problem) == (10, None)
    [line] = carts.review(cart=_stale(cart_of_someone(variant))).lines
    assert line.problem == carts.Problem.SOLD_OUT


def cart_of_someone(variant) -> Cart:
    cart = Cart.objects.create()
    cart.lines.create(variant=variant, quantity=1, seen_title="Kettle", seen_price=variant.price)
    return cart


def _stale(cart: Cart) -> Cart:
    return Cart.objects.get(pk=cart.pk)


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "other@example.com"},
        {"note": "Other"},
        {"shipping": replace(BERLIN, city="Potsdam")},
        {"billing": replace(BERLIN, name="Bob")},
    ],
)
def test_other_details_for_an_order_that_waits_are_not_lost_silently(cart, method, changes):
    order = place(cart, method)
    with pytest.raises(OrderWaitingError) as caught:
        place(cart, method, key=order.checkout_key, **changes)
    assert caught.value.order == order


def test_letting_go_gives_everything_back_and_makes_way_for_the_next(cart, variant, method):
    coupon = CouponFactory.create(max_uses=1)
    carts.set_coupon(cart=cart, coupon=coupon)
    order = place(cart, method)
    assert Coupon.objects.get().uses == 1
    assert checkout.let_go(cart=cart) == order
    assert (stock(variant), Coupon.objects.get().uses) == (10, 0)
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert checkout.let_go(cart=cart) is None
    assert place(_stale(cart), method) != order


def test_another_key_than_the_carts_is_another_windows_page(cart, method):
    with pytest.raises(CartChangedError):
        place(cart, method, key=uuid.uuid4())
    assert not Order.objects.exists()


def test_a_price_that_the_buyer_did_not_see_is_never_charged(cart, variant, method):
    seen = shown(cart, method)
    Variant.objects.update(price=Decimal("23.00"))  # not even a lower one
    with pytest.raises(CartChangedError):
        place(cart, method, shown=seen)
    assert not Order.objects.exists()
    assert stock(variant) == 10
    assert place(cart, method, shown=shown(cart, method)).total == Decimal("50.90")


@pytest.mark.parametrize("change", ["shipping", "tax", "stock"])
def test_nothing_that_changes_the_sum_passes_unseen(cart, variant, method, change):
    seen = shown(cart, method)
    if change == "shipping":
        method.price = Decimal(9)
        method.save()
    elif change == "tax":
        TaxRate.objects.update(percent=Decimal(7))
        method.tax_rate.refresh_from_db()
    else:
        Variant.objects.update(stock=1)
    with pytest.raises(CartChangedError):
        place(cart, method, shown=seen)


def test_a_seen_summary_passes_again_and_again(cart, method):
    CouponFactory.create()
    seen = shown(cart, method)
    assert place(cart, method, shown=seen) == place(cart, method, shown=seen)


def test_more_than_is_left_is_not_ordered(cart, variant, method, monkeypatch):
    """As if another buyer were faster between the look and the UPDATE."""
    monkeypatch.setattr(checkout.stock, "reserve", lambda *, order: (_ for _ in ()).throw(OutOfStockError("gone")))
    with pytest.raises(OutOfStockError):
        place(cart, method)
    assert not Order.objects.exists()


@pytest.mark.parametrize("how", ["empty", "sold out", "unpublished"])
def test_a_cart_with_nothing_to_buy_is_not_ordered(cart, method, how):
    if how == "empty":
        cart.lines.all().delete()
    elif how == "sold out":
        Variant.objects.update(stock=0)
    else:
        Product.objects.update(status=Product.INACTIVE_STATUS)
    with pytest.raises(CheckoutError, match="nothing in your cart"):
        place(cart, method)
    assert not Order.objects.exists()


def test_what_cannot_be_bought_is_left_out(cart, method):
    sold_out = cart_line_of(cart, ProductFactory.create(stock=0).variants.get())
    order = place(cart, method)
    assert [line.sku for line in order.lines.all()] == ["KETTLE"]
    assert cart.lines.filter(pk=sold_out.pk).exists()


def cart_line_of(cart, variant):
    return cart.lines.create(variant=variant, quantity=1, seen_title="It", seen_price=variant.price)


def test_terms_must_be_accepted(cart, method):
    with pytest.raises(CheckoutError, match="terms"):
        place(cart, method, terms=False)


def test_addresses_follow_the_rules_of_their_country(cart, method):
    for kind in ("shipping", "billing"):
        with pytest.raises(AddressError) as caught:
            place(cart, method, **{kind: replace(BERLIN, postal_code="1")})
        assert list(caught.value.errors) == ["postal_code"]
    assert not Order.objects.exists()


def test_a_method_goes_only_where_staff_say(cart):
    with pytest.raises(CheckoutError, match="does not go to that country"):
        place(cart, ShippingMethodFactory.create(countries=["FR"]))
    with pytest.raises(CheckoutError, match="does not go to that country"):
        place(cart, ShippingMethodFactory.create(active=False))


def test_shipping_is_free_from_an_amount(cart):
    assert place(cart, ShippingMethodFactory.create(free_from=Decimal(48))).shipping == 0


def test_a_free_order_is_paid_at_once_and_empties_the_cart(cart, method):
    method.price = Decimal(0)
    method.save()
    carts.set_coupon(cart=cart, coupon=CouponFactory.create(value=Decimal(100)))
    order = place(cart, method)
    assert (order.total, order.state) == (Decimal(0), Order.State.PAID)
    assert not cart.lines.exists()


# --- Coupons ---------------------------------------------------------------------------------------------------------


def test_a_coupon_is_copied_and_counted(cart, method):
    coupon = CouponFactory.create(code="TEN")
    carts.set_coupon(cart=cart, coupon=coupon)
    order = place(cart, method)
    assert (order.discount, order.coupon, order.coupon_code, order.holds_coupon) == (
        Decimal("4.80"),
        coupon,
        "TEN",
        True,
    )
    assert order.total == Decimal("48.10")
    assert Coupon.objects.get().uses == 1


def test_a_coupon_that_no_longer_applies_is_left_out_only_where_the_buyer_saw_that(cart, method):
    coupon = CouponFactory.create()
    carts.set_coupon(cart=cart, coupon=coupon)
    seen = shown(cart, method)
    Coupon.objects.update(ends=timezone.now() - timedelta(seconds=1))
    with pytest.raises(CartChangedError, match="no longer valid"):
        place(_stale(cart), method, shown=seen)
    order = place(_stale(cart), method, shown=shown(_stale(cart), method))
    assert (order.discount, order.coupon, order.holds_coupon) == (Decimal(0), None, False)


def test_a_customer_uses_a_coupon_no_more_often_than_allowed(variant, method):
    coupon = CouponFactory.create(code="ONCE", max_uses_per_customer=1)
    first = cart_of(variant, coupon=coupon)
    order = place(first, method)
    carts.bought(order=order)
    second = cart_of(variant, coupon=coupon)
    with pytest.raises(CouponError, match="used the coupon ONCE already"):
        coupons.check(coupon=coupon, goods=Decimal(24), email="ALICE@example.com")
    assert place(second, method).coupon is None
    assert place(cart_of(variant, coupon=coupon), method, email="bob@example.com").coupon == coupon


def test_the_last_use_goes_once(variant, method):
    coupon = CouponFactory.create(max_uses=1)
    orders_ = [place(cart_of(variant, coupon=coupon), method, email=f"{n}@example.com") for n in range(2)]
    assert [order.holds_coupon for order in orders_] == [True, False]
    late = orders_[1]
    late.coupon = coupon
    with pytest.raises(CouponError, match="used up"):
        coupons.take(order=late)
    assert Coupon.objects.get().uses == 1


def test_a_use_is_given_back_once(cart, method):
    carts.set_coupon(cart=cart, coupon=CouponFactory.create())
    order = place(cart, method)
    copy = Order.objects.get(pk=order.pk)
    assert [coupons.release(order=order), coupons.release(order=copy)] == [True, False]
    assert Coupon.objects.get().uses == 0


def test_an_order_takes_its_coupon_once(cart, method):
    carts.set_coupon(cart=cart, coupon=CouponFactory.create())
    order = place(cart, method)
    coupons.take(order=order)
    assert Coupon.objects.get().uses == 1


def test_an_expired_order_can_be_ordered_again_under_a_new_key(cart, method):
    order = place(cart, method)
    orders.expire(order=order, reason="not paid")
    assert place(cart, method, key=order.checkout_key).state == Order.State.CANCELLED
    checkout.open_for(cart=cart)
    assert place(_stale(cart), method).state == Order.State.PENDING
    assert Order.objects.count() == 2


def test_details_are_kept_as_they_should_be_written(cart, method):
    typed = replace(BERLIN, name="  Alice \n Example ", postal_code=" 10115 ")
    order = checkout.place(
        cart=cart, details=details(method, shipping=typed, billing=typed), user=None, key=cart.checkout_key
    )
    assert {checkout.address_of(row) for row in order.addresses.all()} == {BERLIN}


def test_rates_of_two_products_are_kept_apart(method, variant):
    food = ProductFactory.create(price="10.70", tax_rate=TaxRateFactory.create(name="Food", percent=Decimal(7)))
    order = place(cart_of(variant, food.variants.get()), method)
    assert {line.tax_name: line.tax for line in order.lines.all()} == {"Standard": Decimal(4), "Food": Decimal("0.70")}
