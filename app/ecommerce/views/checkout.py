"""The checkout: one page, made for one visitor. What it shows is what is charged, or it is shown again."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.client_address import client_network
from core.services import addresses, navigation, rate_limits
from ecommerce.checkout_forms import CheckoutForms
from ecommerce.models import Cart, Order, OrderAddress, SavedAddress, ShippingMethod
from ecommerce.services import address_book, carts, checkout, coupons, order_links, orders, payments, shipping
from ecommerce.services.errors import CouponError, OrderWaitingError, PaymentUnavailableError, ShopError
from users.models import CustomUser

LIMIT = rate_limits.RateLimit(name="checkout", times=30, seconds=600)
PAY = "pay"
FILL = "fill"
TERMS = "/terms/"  # how the address of the site's page of terms ends


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    cart = carts.of(request)
    if request.method == "POST":
        return _posted(request, cart)
    if cart is None:
        return redirect("ecommerce:cart")
    checkout.open_for(cart=cart)
    review = carts.review(cart=cart)
    if not review.to_buy:
        return redirect("ecommerce:cart")
    methods = shipping.active_methods()
    saved = _saved(request)
    return _page(request, review, _known_forms(request, review, methods, saved), saved=saved)


def _posted(request: HttpRequest, cart: Cart | None) -> HttpResponse:
    review = carts.review(cart=cart)
    if cart is None or not review.to_buy:
        # Perhaps another click or tab was faster: then that is the order, and all of them lead to the same page.
        before = _order_of(request.POST.get("key", ""))
        return _to_payment(request, before) if before else redirect("ecommerce:cart")
    if request.POST.get("action") == FILL:
        return _page(request, review, _filled_forms(request, shipping.active_methods()))
    coupon_error = _apply_coupon(request, cart, review)
    if request.POST.get("action") != PAY or coupon_error:
        forms = _forms(sent=request.POST, methods=shipping.active_methods())
        status = HTTPStatus.BAD_REQUEST if coupon_error else HTTPStatus.OK
        return _page(request, review, forms, coupon_error=coupon_error, status=status)
    return _pay(request, cart, review)


def _pay(request: HttpRequest, cart: Cart, review: carts.Review) -> HttpResponse:
    methods = shipping.active_methods()
    forms = _forms(data=request.POST, methods=methods)
    try:
        rate_limits.count(LIMIT, client_network(request))
    except rate_limits.TooManyRequests as error:
        problem = _("That were many attempts. What you typed is still here: please try again in a few minutes.")
        response = _page(request, review, forms, problem=problem, status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(error.retry_after)
        return response
    if not forms.is_valid():
        return _page(request, review, forms, status=HTTPStatus.BAD_REQUEST)
    try:
        order = _place(request, cart, forms)
    except (ShopError, addresses.AddressError) as error:
        return _page_again(request, cart, methods, str(error), coupon_error=isinstance(error, CouponError))
    if order.state == Order.State.CANCELLED:
        checkout.open_for(cart=cart)
        problem = _("Order %(number)s was not paid in time and has been given up. Here is your cart again.")
        return _page_again(request, cart, methods, problem % {"number": order})
    _remember(request, forms)
    return _to_payment(request, order)


def _remember(request: HttpRequest, forms: CheckoutForms) -> None:
    delivery = forms.delivery.address
    if isinstance(request.user, CustomUser) and delivery is not None and forms.main.cleaned_data["save_address"]:
        address_book.remember(user=request.user, address=delivery)


def _place(request: HttpRequest, cart: Cart, forms: CheckoutForms) -> Order:
    """The order of this page: made now, or found, if this page has made it before."""
    details, key = _details(forms), forms.key or cart.checkout_key
    user = request.user if isinstance(request.user, CustomUser) else None
    if not checkout.is_payable(_quote(forms, carts.review(cart=cart)).totals.total):
        raise PaymentUnavailableError(_("This shop cannot take payments yet, so nothing was ordered."))
    try:
        return checkout.place(cart=cart, details=details, user=user, key=key)
    except OrderWaitingError as waiting:
        if not orders.abandon(order=waiting.order):  # paid, or given up, in this very moment
            waiting.order.refresh_from_db()
            return waiting.order
        carts.renew_key(cart=cart)
        return checkout.place(cart=cart, details=details, user=user, key=cart.checkout_key)


def _details(forms: CheckoutForms) -> checkout.CheckoutDetails:
    """What a valid form says."""
    said, method = forms.main.cleaned_data, forms.chosen_method
    delivery = forms.delivery.address
    billing = forms.billing.address if forms.has_other_billing else delivery
    assert method is not None  # noqa: S101  # a valid form has all three
    assert delivery is not None  # noqa: S101
    assert billing is not None  # noqa: S101
    return checkout.CheckoutDetails(
        email=said["email"],
        shipping=delivery,
        billing=billing,
        shipping_method=method,
        note=said["note"],
        terms=said["terms"],
        shown=said["shown"],
    )


def _to_payment(request: HttpRequest, order: Order) -> HttpResponse:
    if order.state != Order.State.PENDING:
        return _to(order)
    try:
        return HttpResponse(status=303, headers={"Location": payments.start(order=order)})
    except ShopError as error:  # the order's page has a button to try again
        messages.error(request, str(error))
        return _to(order)


def _to(order: Order) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": order_links.order_path(order)})


def _order_of(key: str) -> Order | None:
    """The order of a checkout, for who has its key: nobody can guess one."""
    try:
        return Order.objects.filter(checkout_key=uuid.UUID(key)).first()
    except ValueError:
        return None


def _apply_coupon(request: HttpRequest, cart: Cart, review: carts.Review) -> str:
    """Take the coupon that was typed, or the one of the cart away; what is wrong with it, if anything."""
    code = request.POST.get("coupon", "").strip()
    if request.POST.get("action") == "remove-coupon":
        carts.set_coupon(cart=cart, coupon=None)
    elif code:
        try:
            coupon = coupons.find(code=code)
            coupons.check(
                coupon=coupon, goods=review.goods, email=request.POST.get("email", "")[:254], waiting=review.waiting
            )
        except CouponError as error:
            return str(error)
        carts.set_coupon(cart=cart, coupon=coupon)
    return ""


def _page_again(
    request: HttpRequest, cart: Cart, methods: list[ShippingMethod], problem: str, *, coupon_error: bool = False
) -> HttpResponse:
    """The page as things are now, with everything that was typed."""
    cart = carts.of(request) or cart
    review = carts.review(cart=cart)
    if not review.to_buy:
        messages.error(request, problem)
        return HttpResponse(status=303, headers={"Location": redirect("ecommerce:cart").url})
    forms = _forms(sent=request.POST, methods=methods)
    shown: dict[str, Any] = {"coupon_error": problem} if coupon_error else {"problem": problem}
    return _page(request, review, forms, status=HTTPStatus.CONFLICT, **shown)


def _page(
    request: HttpRequest,
    review: carts.Review,
    forms: CheckoutForms,
    *,
    problem: str = "",
    coupon_error: str = "",
    saved: list[SavedAddress] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    quote = _quote(forms, review)
    context = {
        "forms": forms,
        "review": review,
        "quote": quote,
        "errors": forms.errors() if forms.main.is_bound else [],
        "problem": problem,
        "coupon_error": coupon_error,
        "coupon_typed": request.POST.get("coupon", "") if coupon_error else "",
        "key": review.cart.checkout_key if review.cart else "",
        "methods": [(method, shipping.price(method, goods=_goods(quote))) for method in forms.methods],
        "chosen": forms.chosen_method,
        "waiting_path": order_links.order_path(review.waiting) if review.waiting else "",
        "is_payable": checkout.is_payable(quote.totals.total),
        "terms_path": _terms_path(),
        "saved": [(each.pk, _in_a_line(each)) for each in (_saved(request) if saved is None else saved)],
        "cart_pieces": review.pieces,
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
        "debug": settings.DEBUG,
    }
    return render(request, "ecommerce/checkout.html", context, status=status)


def _quote(forms: CheckoutForms, review: carts.Review) -> checkout.Quote:
    email = str(forms.main["email"].value() or "") if forms.main.is_bound else ""
    return checkout.quote(review=review, method=forms.chosen_method, email=email[:254].strip())


def _goods(quote: checkout.Quote) -> Any:
    return quote.totals.goods - quote.totals.discount


def _terms_path() -> str:
    return next((page["url"] for page in navigation.footer_pages() if page["url"].endswith(TERMS)), "")


def _forms(*, data: Any = None, sent: Any = None, methods: list[ShippingMethod]) -> CheckoutForms:
    return CheckoutForms(data, sent=sent, initial={}, methods=methods, country=settings.SELLER_COUNTRY)


def _known_forms(
    request: HttpRequest, review: carts.Review, methods: list[ShippingMethod], saved: list[SavedAddress]
) -> CheckoutForms:
    """What we know already: of the order that waits, else of the address book, the user's last order, the account."""
    user = request.user if isinstance(request.user, CustomUser) else None
    last = review.waiting or (user.orders.order_by("-pk").first() if user else None)
    initial: dict[str, Any] = {"email": user.email, "ship": {"name": user.get_full_name()}} if user else {}
    if last is not None:
        initial |= _of_order(last, is_waiting=last == review.waiting)
    if user is not None and review.waiting is None:
        initial |= _of_book(saved)
    return CheckoutForms(initial=initial, methods=methods, country=settings.SELLER_COUNTRY)


def _of_order(order: Order, *, is_waiting: bool) -> dict[str, Any]:
    kept = {row.kind: checkout.address_of(row).as_fields() for row in order.addresses.all()}
    delivery, billing = kept.get(OrderAddress.Kind.SHIPPING, {}), kept.get(OrderAddress.Kind.BILLING, {})
    known = {
        "ship": delivery,
        "bill": billing,
        "different": {**delivery, "phone": ""} != {**billing, "phone": ""},
        "method": str(order.shipping_method_id or ""),
    }
    return {**known, "email": order.email, "note": order.customer_note} if is_waiting else known


def _of_book(saved: list[SavedAddress]) -> dict[str, Any]:
    """The defaults; an invoice goes where the parcel goes unless the book says otherwise."""
    delivery = next((address_book.as_address(each).as_fields() for each in saved if each.is_delivery_default), None)
    invoice = next((address_book.as_address(each).as_fields() for each in saved if each.is_invoice_default), None)
    if delivery is None:
        return {}
    differs = invoice is not None and {**invoice, "phone": ""} != {**delivery, "phone": ""}
    return {"ship": delivery, "bill": invoice or delivery, "different": differs}


def _filled_forms(request: HttpRequest, methods: list[ShippingMethod]) -> CheckoutForms:
    """As it was sent, but with the delivery address that was chosen from the book."""
    sent = request.POST.copy()
    pk = sent.get("saved", "")
    chosen = next((each for each in _saved(request) if str(each.pk) == pk), None)
    if chosen is not None:
        for name, value in address_book.as_address(chosen).as_fields().items():
            sent[f"ship-{name}"] = value
    return _forms(sent=sent, methods=methods)


def _saved(request: HttpRequest) -> list[SavedAddress]:
    return address_book.of(request.user) if isinstance(request.user, CustomUser) else []


def _in_a_line(saved: SavedAddress) -> str:
    return ", ".join(addresses.lines(address_book.as_address(saved)))
