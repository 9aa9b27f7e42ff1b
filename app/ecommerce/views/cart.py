"""The cart's pages. They are made for one visitor and never cached; no page that is cached shows anything of a cart."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.client_address import client_network
from core.origin import same_origin_required
from core.services import rate_limits
from ecommerce import cart_cookie
from ecommerce.models import Cart, Variant
from ecommerce.services import carts, checkout, coupons, order_links
from ecommerce.services.errors import CouponError, ShopError

# More than a person clicks, and less than would fill the table with empty carts.
LIMIT = rate_limits.RateLimit(name="cart", times=200, seconds=600)


@require_safe
@never_cache
def cart(request: HttpRequest) -> HttpResponse:
    found = carts.of(request)
    review = carts.review(cart=found)
    context = {
        "review": review,
        "quote": checkout.quote(review=review),
        "waiting_path": order_links.order_path(review.waiting) if review.waiting else "",
        "cart_pieces": review.pieces,
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
    }
    response = render(request, "ecommerce/cart.html", context)
    if found is not None:  # as long as it is looked at, it lives
        carts.looked_at(cart=found)
        cart_cookie.write(response, found)
    return response


@require_safe
@never_cache
def cart_badge(request: HttpRequest) -> HttpResponse:
    response = render(request, "ecommerce/_badge.html", {"cart_pieces": carts.pieces(request)})
    if request.user.is_authenticated and cart_cookie.NAME in request.COOKIES:
        cart_cookie.forget(response)  # merged into the user's at login
    return response


@require_POST
@never_cache
@same_origin_required
def cart_add(request: HttpRequest) -> HttpResponse:
    """Put something in, from a page that everyone shares. Without scripts the answer is the cart."""
    try:
        rate_limits.count(LIMIT, client_network(request))
    except rate_limits.TooManyRequests as error:
        if request.headers.get("HX-Request"):  # which would show nothing of an error page
            return _answer_add(request, None, _("That was too fast. Please wait a few minutes."), is_good=False)
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(error.retry_after)
        return response
    variant = Variant.objects.filter(sku=request.POST.get("variant", "").replace("\x00", "")[:64]).first()
    quantity = _quantity(request.POST.get("quantity", "1"))
    if variant is None or not quantity:
        text = _("Enter a whole number of pieces, 1 or more.") if variant else _("This is no longer sold.")
        return _answer_add(request, None, text, is_good=False)
    found = carts.of_or_new(request)
    let_go = _let_go(found)
    try:
        added = carts.add(cart=found, variant=variant, quantity=quantity)
    except ShopError as error:
        return _answer_add(request, found, f"{let_go} {error}".strip(), is_good=False)
    return _answer_add(request, found, f"{let_go} {added.message}".strip(), is_good=not added.is_less)


@require_POST
@never_cache
@same_origin_required
def cart_change(request: HttpRequest) -> HttpResponse:
    """Set quantities, take a line out, or say that what changed has been read."""
    return _changed(request, lambda found: _change(request, found))


@require_POST
@never_cache
@same_origin_required
def cart_coupon(request: HttpRequest) -> HttpResponse:
    return _changed(request, lambda found: _set_coupon(request, found))


def _answer_add(request: HttpRequest, found: Cart | None, text: str, *, is_good: bool) -> HttpResponse:
    if request.headers.get("HX-Request"):
        context = {"text": text, "is_good": is_good, "cart_pieces": carts.review(cart=found).pieces if found else None}
        response = render(request, "ecommerce/_added.html", context)
    else:
        (messages.success if is_good else messages.error)(request, text)
        response = redirect("ecommerce:cart")
        response.status_code = 303
    if found is not None:
        cart_cookie.write(response, found)
    return response


def _changed(request: HttpRequest, change: Callable[[Cart], None]) -> HttpResponse:
    """Change the visitor's cart, if there is one, and show it."""
    found = carts.of(request)
    if found is not None:
        if let_go := _let_go(found):
            messages.info(request, let_go)
        change(found)
    response = HttpResponse(status=303, headers={"Location": reverse("ecommerce:cart")})
    if found is not None:
        cart_cookie.write(response, found)
    return response


def _change(request: HttpRequest, found: Cart) -> None:
    if (line := request.POST.get("remove", "")).isdecimal():
        carts.remove(cart=found, line_id=_key(line))
    elif "accept" in request.POST:
        carts.accept(cart=found)
    else:
        _change_quantities(request, found)


def _change_quantities(request: HttpRequest, found: Cart) -> None:
    wanted = {}
    for line in carts.review(cart=found).lines:
        text = request.POST.get(f"quantity-{line.pk}")
        if text is None:
            continue
        quantity = _quantity(text)
        if quantity is None:
            messages.error(request, _("“%(title)s”: enter a whole number of pieces.") % {"title": line.title})
            continue
        wanted[line.pk] = quantity
        if line.variant is not None and line.available and quantity > line.most:
            messages.info(request, _("“%s”: not more than this is available.") % line.title)
    carts.change(cart=found, quantities=wanted)


def _set_coupon(request: HttpRequest, found: Cart) -> None:
    if "remove" in request.POST:
        carts.set_coupon(cart=found, coupon=None)
        return
    try:
        coupon = coupons.find(code=request.POST.get("coupon", ""))
        review = carts.review(cart=found)
        coupons.check(coupon=coupon, goods=review.goods, waiting=review.waiting)
    except CouponError as error:
        messages.error(request, str(error))
    else:
        carts.set_coupon(cart=found, coupon=coupon)
        messages.success(request, _("The coupon %(code)s is in your cart.") % {"code": coupon})


def _let_go(found: Cart) -> str:
    """A changed cart is another order: give up the one that waits for payment, and say so."""
    waiting = checkout.let_go(cart=found)
    text = _("Order %(number)s, which waited for payment, has been given up, because your cart has changed.")
    return text % {"number": waiting} if waiting else ""


def _quantity(text: str) -> int | None:
    """None where it is no number of pieces. What is more than any cart takes is as good as the most."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(int(text[:9]), carts.MAX_QUANTITY + 1)


def _key(text: str) -> int:
    return int(text) if text.isascii() and len(text) < 19 else 0
