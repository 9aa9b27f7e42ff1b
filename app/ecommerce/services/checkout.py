"""Checkout: from a cart to an order, once.

The cart stays as it was until the order is paid, so that who comes back from the payment page finds it. Its key ties
the two together: asked again with that key there is the same order, and no second one. ``carts.bought`` empties the
cart and renews the key when the money is there; a change of the cart gives the waiting order up (``let_go``) and renews
it too.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import languages
from core.services import addresses
from core.services.addresses import Address
from core.templatetags.money import decimal_places
from ecommerce.models import Cart, Coupon, Order, OrderAddress, OrderLine, ShippingMethod, Variant
from ecommerce.services import carts, coupons, orders, payments, shipping, stock, totals
from ecommerce.services.errors import CartChangedError, CheckoutError, CouponError, OrderWaitingError
from users.models import CustomUser


@dataclass(frozen=True, kw_only=True)
class CheckoutDetails:
    """What the buyer says. ``shown`` is the fingerprint of the summary that they saw; None: nobody looked."""

    email: str
    shipping: Address
    billing: Address
    shipping_method: ShippingMethod
    note: str = ""
    terms: bool = False
    shown: str | None = None


@dataclass(frozen=True)
class Quote:
    """What the cart costs now, sent by that method. ``coupon_problem`` says why the cart's coupon is left out."""

    review: carts.Review
    totals: totals.Totals
    coupon: Coupon | None
    coupon_problem: str
    method: ShippingMethod | None

    @cached_property
    def fingerprint(self) -> str:
        """The same only for the same goods at the same prices: what is charged must be what was shown."""
        sums, method = self.totals, self.method.pk if self.method else None
        return _fingerprint(
            lines=[(line.item.key, line.item.quantity, line.item.price, line.tax) for line in sums.lines],
            sums=(sums.discount, sums.shipping, sums.tax, sums.total),
            names=(self.coupon.code if self.coupon else "", method, settings.CURRENCY),
        )


def quote(*, review: carts.Review, method: ShippingMethod | None = None, email: str = "") -> Quote:
    """Compute what the cart costs. No query, but one where the coupon counts its uses by customer."""
    coupon, problem = _coupon(review, email)
    items = [
        totals.Item(
            key=line.variant.pk,
            price=line.price,
            quantity=line.quantity,
            tax_percent=line.variant.product.tax_rate.percent,
            tax_name=line.variant.product.tax_rate.name,
        )
        for line in review.to_buy
        if line.variant is not None
    ]
    computed = totals.compute(
        items=items,
        discount=totals.Discount(value=coupon.value, is_percent=coupon.kind == Coupon.Kind.PERCENT) if coupon else None,
        shipping=shipping.terms(method) if method else None,
        prices_include_tax=settings.PRICES_INCLUDE_TAX,
        places=decimal_places(settings.CURRENCY),
    )
    return Quote(review, computed, coupon, problem, method)


@transaction.atomic
def place(*, cart: Cart, details: CheckoutDetails, user: CustomUser | None, key: uuid.UUID) -> Order:
    """Make the order, hold its pieces and its coupon, and prepare its payment. Nothing is asked of the network.

    Asked again with the same key and details it returns the same order. Raises OrderWaitingError for other details
    while that order waits, CartChangedError where the buyer would be charged what they did not see, OutOfStockError,
    CouponError, addresses.AddressError and CheckoutError; then nothing was ordered.

    The cart, the variants and the coupon are locked before the rows that refer to them are written: a foreign key's own
    shared lock, raised later, would be a deadlock (see ``ecommerce.services``).
    """
    details = _checked(details)
    current = Cart.objects.select_for_update().filter(pk=cart.pk).first()
    before = Order.objects.filter(checkout_key=key).first()
    if before is not None:
        return _same_or_raise(before, details)
    if current is None or current.checkout_key != key:
        raise CartChangedError(_("Your cart was changed in another window. Please check it here once more."))
    _lock_goods(current)
    asked = quote(review=carts.review(cart=current), method=details.shipping_method, email=details.email)
    _refuse_surprises(asked, details)
    order = _write(asked, details, user=user, key=key)
    stock.reserve(order=order)
    coupons.take(order=order)
    orders.record(order=order, what="placed", actor=user, to_state=order.state)
    if order.total > 0:
        payments.prepare(order=order)
    else:
        payments.settle_free(order=order)
        order.refresh_from_db()
    return order


def let_go(*, cart: Cart) -> Order | None:
    """Give up the cart's order that waits for payment, because the cart changes; return it if there was one."""
    waiting = carts.waiting_order(cart=cart)
    if waiting is None or not orders.abandon(order=waiting):  # or paid in this very moment, which empties the cart
        return None
    carts.renew_key(cart=cart)
    return waiting


def open_for(*, cart: Cart) -> None:
    """Give the cart a new key where the order of its last checkout was cancelled, so that it can be ordered again."""
    ended = Order.objects.filter(checkout_key=cart.checkout_key).exclude(state=Order.State.PENDING)
    if ended.exists():
        carts.renew_key(cart=cart)


def _coupon(review: carts.Review, email: str) -> tuple[Coupon | None, str]:
    coupon = review.cart.coupon if review.cart else None
    if coupon is None:
        return None, ""
    try:
        coupons.check(coupon=coupon, goods=review.goods, email=email, waiting=review.waiting)
    except CouponError as error:
        return None, str(error)
    return coupon, ""


def _checked(details: CheckoutDetails) -> CheckoutDetails:
    """The details as they are kept. Raises AddressError and CheckoutError."""
    if not details.terms:
        raise CheckoutError(_("Please accept the terms to place the order."))
    method = details.shipping_method
    address = addresses.clean(details.shipping)
    if not method.active or not shipping.serves(method, address.country):
        raise CheckoutError(_("“%(method)s” does not go to that country.") % {"method": method})
    return CheckoutDetails(
        email=details.email.strip().lower(),
        shipping=address,
        billing=addresses.clean(details.billing),
        shipping_method=method,
        note=details.note.strip(),
        terms=True,
        shown=details.shown,
    )


def _lock_goods(cart: Cart) -> None:
    stock.lock([pk for pk in cart.lines.values_list("variant_id", flat=True) if pk is not None])
    if cart.coupon_id is not None:
        cart.coupon = Coupon.objects.select_for_update().get(pk=cart.coupon_id)


def _refuse_surprises(asked: Quote, details: CheckoutDetails) -> None:
    if not asked.review.to_buy:
        raise CheckoutError(_("There is nothing in your cart that can be bought."))
    if details.shown is not None and details.shown != asked.fingerprint:
        raise CartChangedError(
            asked.coupon_problem or _("Something has changed since you looked. Please check it here.")
        )


def _same_or_raise(order: Order, details: CheckoutDetails) -> Order:
    if order.state == Order.State.PENDING and not _is_same(order, details):
        raise OrderWaitingError(_("An order with other details waits for payment."), order=order)
    return order


def _is_same(order: Order, details: CheckoutDetails) -> bool:
    if details.shown is not None and details.shown != _fingerprint_of(order):
        return False
    kept = {address.kind: address for address in order.addresses.all()}
    sent = {OrderAddress.Kind.SHIPPING: details.shipping, OrderAddress.Kind.BILLING: details.billing}
    return (order.email, order.customer_note, order.shipping_method_id) == (
        details.email,
        details.note,
        details.shipping_method.pk,
    ) and all(address_of(kept[kind]) == address for kind, address in sent.items())


def address_of(row: OrderAddress) -> Address:
    """An order's address as plain values."""
    return Address(**{name: str(getattr(row, name)) for name in Address.__dataclass_fields__})


def _fingerprint_of(order: Order) -> str:
    """The fingerprint of the summary that the order was made of."""
    return _fingerprint(
        lines=[(line.variant_id, line.quantity, line.unit_price, line.tax) for line in order.lines.all()],
        sums=(order.discount, order.shipping, order.tax, order.total),
        names=(order.coupon_code, order.shipping_method_id, order.currency),
    )


def _fingerprint(
    *,
    lines: Iterable[tuple[int | None, int, Decimal, Decimal]],
    sums: Iterable[Decimal],
    names: tuple[str, int | None, str],
) -> str:
    parts = sorted(f"{key}:{quantity}:{price:.2f}:{tax:.2f}" for key, quantity, price, tax in lines)
    parts += [f"{amount:.2f}" for amount in sums]
    return hashlib.sha256(repr((parts, names)).encode()).hexdigest()[:32]


def _write(asked: Quote, details: CheckoutDetails, *, user: CustomUser | None, key: uuid.UUID) -> Order:
    now = timezone.now()
    sums, method = asked.totals, details.shipping_method
    order = Order.objects.create(
        number=orders.new_number(),
        checkout_key=key,
        reserved_until=now + timedelta(minutes=settings.RESERVATION_MINUTES),
        user=user,
        email=details.email,
        language=languages.current(),
        customer_note=details.note,
        terms_accepted=now,
        currency=settings.CURRENCY,
        prices_include_tax=settings.PRICES_INCLUDE_TAX,
        goods=sums.goods,
        discount=sums.discount,
        shipping=sums.shipping,
        tax=sums.tax,
        total=sums.total,
        coupon=asked.coupon,
        coupon_code=asked.coupon.code if asked.coupon else "",
        shipping_method=method,
        shipping_name=method.name,
        shipping_tax_percent=method.tax_rate.percent,
    )
    _write_addresses(order, details)
    _write_lines(order, asked)
    return order


def _write_addresses(order: Order, details: CheckoutDetails) -> None:
    both = {OrderAddress.Kind.SHIPPING: details.shipping, OrderAddress.Kind.BILLING: details.billing}
    OrderAddress.objects.bulk_create(
        [OrderAddress(order=order, kind=kind, **address.as_fields()) for kind, address in both.items()]
    )


def _write_lines(order: Order, asked: Quote) -> None:
    variants = {line.variant.pk: line.variant for line in asked.review.to_buy if line.variant is not None}
    OrderLine.objects.bulk_create([_order_line(order, line, variants[line.item.key]) for line in asked.totals.lines])


def _order_line(order: Order, line: totals.LineTotal, variant: Variant) -> OrderLine:
    return OrderLine(
        order=order,
        variant=variant,
        product_title=variant.product.title,
        variant_title=variant.title,
        sku=variant.sku,
        quantity=line.item.quantity,
        unit_price=line.item.price,
        discount=line.discount,
        total=line.total,
        tax_name=line.item.tax_name,
        tax_percent=line.item.tax_percent,
        tax=line.tax,
    )


def is_payable(total: Decimal) -> bool:
    """Whether the shop can take that: nothing costs nothing, and anything else needs Stripe."""
    return total == 0 or bool(settings.STRIPE_API_KEY)
