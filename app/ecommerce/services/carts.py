"""Carts: what a visitor means to buy. Prices and stock are always read live; nothing is reserved before checkout.

What changed since the buyer last looked (a price, the stock, a product that is gone) is explained by ``review`` until
the buyer has said that it is seen: ``accept``.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.db.models import Prefetch, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.money import money
from ecommerce import cart_cookie
from ecommerce.models import Cart, CartLine, Coupon, Order, OrderLine, ProductImage, Variant
from ecommerce.services.errors import CartError, OutOfStockError
from users.models import CustomUser

MAX_QUANTITY = 99  # of one line
MAX_LINES = 100
FEW = 5  # from here down the cart says how many are left
BATCH = 500
LOOKED_AT_EVERY = timedelta(days=1)


class Problem(StrEnum):
    """What the buyer must know of a line before it is bought."""

    GONE = "gone"
    SOLD_OUT = "sold out"
    FEWER = "fewer"
    REPRICED = "repriced"


@dataclass(frozen=True)
class Line:
    """A line as it stands now. ``quantity`` is what can be bought of what is wanted; 0 where nothing can."""

    pk: int
    variant: Variant | None
    title: str
    wanted: int
    quantity: int
    available: int
    price: Decimal
    problem: Problem | None
    message: str

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity

    @property
    def can_be_bought(self) -> bool:
        return self.quantity > 0

    @property
    def is_scarce(self) -> bool:
        return 0 < self.available <= FEW

    @property
    def most(self) -> int:
        """The highest quantity that the buyer can choose."""
        return max(1, min(self.available, MAX_QUANTITY))


@dataclass(frozen=True)
class Review:
    """A cart as it stands now, and the order of it that waits for payment, if there is one."""

    cart: Cart | None
    lines: tuple[Line, ...] = ()
    waiting: Order | None = None

    @cached_property
    def to_buy(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.can_be_bought)

    @cached_property
    def goods(self) -> Decimal:
        return sum((line.total for line in self.to_buy), Decimal(0))

    @cached_property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.to_buy)

    @cached_property
    def problems(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.problem)


@dataclass(frozen=True)
class Added:
    """What became of an addition: how many came in, and how many of it the cart has now."""

    variant: Variant
    quantity: int
    in_cart: int
    message: str
    is_less: bool


def of(request: HttpRequest) -> Cart | None:
    """The visitor's cart: the user's own, or the guest's by the cookie. One query, none without either."""
    if isinstance(request.user, CustomUser):
        return Cart.objects.select_related("coupon").filter(user=request.user).first()
    token = cart_cookie.read(request)
    if token is None:
        return None
    # A cart that was merged into a user's is theirs alone: an old cookie does not open it.
    return Cart.objects.select_related("coupon").filter(token=token, user__isnull=True).first()


def of_or_new(request: HttpRequest) -> Cart:
    """The visitor's cart, made where there is none. A guest's new one must be written into the answer's cookie."""
    cart = of(request)
    if cart is not None:
        return cart
    return of_user(user=request.user) if isinstance(request.user, CustomUser) else Cart.objects.create()


def of_user(*, user: CustomUser) -> Cart:
    """The user's cart, made where there is none."""
    cart, _created = Cart.objects.get_or_create(user=user)
    return cart


def pieces(request: HttpRequest) -> int:
    """How many pieces the visitor's cart counts, in one query."""
    lines = CartLine.objects.filter(variant__isnull=False)
    if isinstance(request.user, CustomUser):
        lines = lines.filter(cart__user=request.user)
    else:
        token = cart_cookie.read(request)
        if token is None:
            return 0
        lines = lines.filter(cart__token=token, cart__user__isnull=True)
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


@transaction.atomic
def add(*, cart: Cart, variant: Variant, quantity: int = 1) -> Added:
    """Put pieces into the cart: as many of them as are left.

    Raises OutOfStockError where none is, CartError where the cart has too many lines.
    """
    _lock(cart)
    current = _sellable(variant)
    line = CartLine.objects.filter(cart=cart, variant=current).first()
    before = line.quantity if line else 0
    most = min(current.stock + _held(cart)[current.pk], MAX_QUANTITY)
    if most <= before:
        raise OutOfStockError(_no_more(current, before), variant_id=current.pk)
    if line is None and CartLine.objects.filter(cart=cart).count() >= MAX_LINES:
        raise CartError(_("The cart is full: it holds %(number)d different things.") % {"number": MAX_LINES})
    now = min(before + max(1, quantity), most)
    _put(cart, current, now)
    _touch(cart)
    is_less = now < before + quantity
    message = _added_message(current, now - before, now, is_less=is_less)
    return Added(variant=current, quantity=now - before, in_cart=now, message=message, is_less=is_less)


@transaction.atomic
def change(*, cart: Cart, quantities: Mapping[int, int]) -> None:
    """Set the quantities of lines by their keys; 0 takes one out. Lines of other carts are not touched.

    Not more is kept than can be bought: what the page then shows is what was agreed.
    """
    _lock(cart)
    held = _held(cart)
    for line in CartLine.objects.filter(cart=cart, pk__in=quantities).select_related("variant"):
        quantity = min(quantities[line.pk], MAX_QUANTITY)
        if quantity <= 0:
            line.delete()
        elif line.variant is not None:
            most = line.variant.stock + held[line.variant.pk]
            line.quantity = min(quantity, most) or quantity  # sold out: it stays, and says so
            line.save(update_fields=["quantity"])
    _touch(cart)


@transaction.atomic
def remove(*, cart: Cart, line_id: int) -> bool:
    """Take a line out; whether it was in this cart."""
    _lock(cart)
    deleted, _each = CartLine.objects.filter(cart=cart, pk=line_id).delete()
    _touch(cart)
    return deleted > 0


@transaction.atomic
def accept(*, cart: Cart) -> None:
    """The buyer has read what changed: forget what is gone, keep what can be bought, at the prices of now."""
    _lock(cart)
    for line in review(cart=cart).problems:
        row = CartLine.objects.filter(pk=line.pk)
        if line.problem == Problem.GONE:
            row.delete()
        else:
            row.update(quantity=line.quantity or line.wanted, seen_price=line.price, seen_title=line.title)
    _touch(cart)


def looked_at(*, cart: Cart) -> None:
    """Keep a cart that is still looked at. At most one UPDATE a day."""
    if cart.modified < timezone.now() - LOOKED_AT_EVERY:
        _touch(cart)


@transaction.atomic
def set_coupon(*, cart: Cart, coupon: Coupon | None) -> None:
    cart.coupon = coupon
    cart.save(update_fields=["coupon", "modified"])


@transaction.atomic
def renew_key(*, cart: Cart) -> None:
    """From now on this cart's checkout is another one: the order of the last was paid, or given up."""
    renewed = uuid.uuid4()
    Cart.objects.filter(pk=cart.pk, checkout_key=cart.checkout_key).update(checkout_key=renewed)
    cart.refresh_from_db(fields=["checkout_key"])


def lock_of(*, order: Order) -> Cart | None:
    """Lock the cart that the order was made of, in the caller's transaction, if it still is that cart.

    Whoever wants to lock the order as well calls this before (see ``ecommerce.services``).
    """
    of_order = Cart.objects.filter(checkout_key=order.checkout_key)
    pk = of_order.values_list("pk", flat=True).first()
    return of_order.select_for_update().filter(pk=pk).first() if pk is not None else None


@transaction.atomic
def bought(*, order: Order) -> bool:
    """Empty the cart that the order was made of, now that it is paid; whether it still was that cart.

    One that was changed since has another key and stays: its buyer wants those things as well.
    """
    cart = lock_of(order=order)
    if cart is None:
        return False
    cart.lines.all().delete()
    cart.coupon, cart.checkout_key = None, uuid.uuid4()
    cart.save(update_fields=["coupon", "checkout_key", "modified"])
    return True


@transaction.atomic
def merge(*, user: CustomUser, guest: Cart) -> Cart:
    """At login, put the guest's cart into the user's: quantities added up to what is there, the guest's coupon kept."""
    cart = of_user(user=user)
    both = Cart.objects.select_for_update().filter(pk__in=[cart.pk, guest.pk]).order_by("pk")
    locked = {row.pk: row for row in both}  # as they are now: one may have been paid for meanwhile
    if guest.pk == cart.pk or guest.pk not in locked:  # another request was faster
        return cart
    cart, guest = locked[cart.pk], locked[guest.pk]
    guest_lines = list(guest.lines.select_related("variant"))
    if not CartLine.objects.filter(cart=cart).exists():
        # An order of the guest's that waits for payment stays the order of this cart.
        cart.checkout_key = guest.checkout_key
    cart.coupon = guest.coupon or cart.coupon
    guest.delete()
    cart.save()
    for line in guest_lines:
        if line.variant is not None:
            _merge_line(cart, line, line.variant)
    return cart


def review(*, cart: Cart | None) -> Review:
    """The cart as it stands now. Three queries: lines, pictures, the order that waits; one more where one does."""
    if cart is None:
        return Review(None)
    waiting = waiting_order(cart=cart)
    held = _pieces_of(waiting)
    return Review(cart, tuple(_line(row, held) for row in _rows(cart)), waiting)


def waiting_order(*, cart: Cart) -> Order | None:
    """The order that this cart's checkout has made, if it still waits for payment. One query."""
    return Order.objects.filter(checkout_key=cart.checkout_key, state=Order.State.PENDING).first()


def delete_abandoned() -> int:
    """Delete carts that nobody touched for as long as the cookie lives; return how many. Short transactions."""
    before = timezone.now() - cart_cookie.KEPT
    old = Cart.objects.filter(modified__lt=before).order_by("modified")
    deleted = 0
    while pks := list(old.values_list("pk", flat=True)[:BATCH]):
        # Once more with the condition: its owner may be back.
        deleted += Cart.objects.filter(pk__in=pks, modified__lt=before).delete()[1].get("ecommerce.Cart", 0)
    return deleted


def _rows(cart: Cart) -> QuerySet[CartLine]:
    first = ProductImage.objects.order_by("position", "pk")[:1]
    pictures = Prefetch("variant__product__images", queryset=first, to_attr="first_images")
    return cart.lines.select_related("variant__product__tax_rate").prefetch_related(pictures)


def _line(row: CartLine, held: Counter[int]) -> Line:
    variant = row.variant
    if variant is None or not variant.product.is_published:
        message = _("“%(title)s” is no longer sold.") % {"title": row.seen_title}
        return Line(row.pk, None, row.seen_title, row.quantity, 0, 0, row.seen_price, Problem.GONE, message)
    available = min(variant.stock + held[variant.pk], MAX_QUANTITY)
    quantity = min(row.quantity, available)
    problem, message = _problem(row, variant, available)
    return Line(row.pk, variant, title(variant), row.quantity, quantity, available, variant.price, problem, message)


def _problem(row: CartLine, variant: Variant, available: int) -> tuple[Problem | None, str]:
    values = {"title": title(variant)}
    if available == 0:
        return Problem.SOLD_OUT, _("“%(title)s” is sold out at the moment.") % values
    if available < row.quantity:
        text = ngettext(
            "Only %(number)d of “%(title)s” is left.", "Only %(number)d of “%(title)s” are left.", available
        )
        return Problem.FEWER, text % {**values, "number": available}
    if row.seen_price != variant.price:
        text = _("“%(title)s” now costs %(now)s. It was %(before)s.")
        return Problem.REPRICED, text % {**values, "now": money(variant.price), "before": money(row.seen_price)}
    return None, ""


def title(variant: Variant) -> str:
    return f"{variant.product.title} – {variant.title}" if variant.title else variant.product.title


def _sellable(variant: Variant) -> Variant:
    """The variant as it is now. Raises OutOfStockError where it is not for sale."""
    current = Variant.objects.select_related("product").filter(pk=variant.pk).first()
    if current is None or not current.product.is_published:
        raise OutOfStockError(_("This is no longer sold."), variant_id=variant.pk)
    return current


def _no_more(variant: Variant, in_cart: int) -> str:
    values = {"title": title(variant), "number": in_cart}
    if not in_cart:
        return _("“%(title)s” is sold out at the moment.") % values
    if in_cart >= MAX_QUANTITY:
        return _("%(number)d pieces of “%(title)s” are in your cart: more are not possible.") % values
    return _("All that is left of “%(title)s” is in your cart already.") % values


def _added_message(variant: Variant, quantity: int, in_cart: int, *, is_less: bool) -> str:
    values = {"title": title(variant), "quantity": quantity, "number": in_cart}
    if is_less:
        return _("More of “%(title)s” is not available: %(quantity)d added, %(number)d in your cart.") % values
    if quantity > 1:
        return _("Added to your cart: %(quantity)d × %(title)s.") % values
    return _("Added to your cart: %(title)s.") % values


def _put(cart: Cart, variant: Variant, quantity: int) -> None:
    CartLine.objects.update_or_create(
        cart=cart,
        variant=variant,
        defaults={"quantity": quantity, "seen_title": title(variant), "seen_price": variant.price},
    )


def _merge_line(cart: Cart, line: CartLine, variant: Variant) -> None:
    own = CartLine.objects.filter(cart=cart, variant=variant).first()
    if own is None:
        if CartLine.objects.filter(cart=cart).count() < MAX_LINES:
            CartLine.objects.create(
                cart=cart,
                variant=variant,
                quantity=line.quantity,
                seen_title=line.seen_title,
                seen_price=line.seen_price,
            )
        return
    most = min(variant.stock, MAX_QUANTITY)
    own.quantity = min(own.quantity + line.quantity, max(own.quantity, line.quantity, most))
    own.save(update_fields=["quantity"])


def _lock(cart: Cart) -> None:
    """Two clicks at once wait for each other."""
    Cart.objects.select_for_update().filter(pk=cart.pk).first()


def _touch(cart: Cart) -> None:
    cart.save(update_fields=["modified"])


def _held(cart: Cart) -> Counter[int]:
    return _pieces_of(waiting_order(cart=cart))


def _pieces_of(order: Order | None) -> Counter[int]:
    """What an order that waits for payment keeps from others, but not from its own buyer."""
    pieces: Counter[int] = Counter()
    if order is not None and order.reservation == Order.Reservation.HELD:
        for line in OrderLine.objects.filter(order=order, variant__isnull=False):
            pieces[line.variant_id or 0] += line.quantity
    return pieces
