"""What buyers see of their orders: by the link in their mails, or in their account.

Whoever has the link may see the order, so its pages are kept by nobody, found by no search engine, and name
themselves to no other site.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.client_address import client_network
from core.services import rate_limits
from ecommerce import cart_cookie, order_selectors, order_words
from ecommerce.models import Invoice, Order, StripeSession
from ecommerce.order_forms import OrderLookupForm
from ecommerce.services import (
    buy_again,
    carts,
    checkout,
    invoice_content,
    invoice_pdf,
    order_links,
    order_mails,
    payments,
)

CALLER_LIMIT = rate_limits.RateLimit(name="order-lookup", times=10, seconds=3600)
# So that nobody can fill a stranger's mailbox.
MAILBOX_LIMIT = rate_limits.RateLimit(name="order-lookup-mailbox", times=5, seconds=24 * 3600)

# While a payment is looked at, the page loads itself again: soon at first, then rarely, then no more.
LOOKS = 20
SECONDS_BETWEEN_LOOKS = (2, 3, 5, 8)

View = Callable[..., HttpResponse]


def private_page(view: View) -> View:
    """Kept nowhere, listed nowhere."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@require_safe
@private_page
def order(request: HttpRequest, number: str, token: uuid.UUID) -> HttpResponse:
    """The order's page for whoever has its link; it calls itself again while the payment is being looked at."""
    found = get_object_or_404(order_selectors.with_details(), number=number, token=token)
    return _order_page(request, found)


@login_required
@require_safe
@private_page
def account_order(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(order_selectors.with_details(), number=number, user=request.user)
    return _order_page(request, found)


@login_required
@require_safe
@private_page
def account_orders(request: HttpRequest) -> HttpResponse:
    page = order_selectors.of_user(request.user, before=request.GET.get("before", ""))
    return render(request, "ecommerce/account_orders.html", {"page": page})


@require_safe
@private_page
def invoice(request: HttpRequest, number: str, token: uuid.UUID) -> HttpResponse:
    """The PDF for whoever has its link."""
    return _pdf(get_object_or_404(Invoice, number=number, token=token))


@login_required
@require_safe
@private_page
def own_invoice(request: HttpRequest, number: str) -> HttpResponse:
    """The PDF for its buyer, and for staff who may see invoices. To anybody else there is no such invoice."""
    found = get_object_or_404(Invoice.objects.select_related("order"), number=number)
    user: Any = request.user
    if found.order.user_id != user.pk and not (user.acts_as_staff and user.has_perm("ecommerce.view_invoice")):
        raise Http404(f"No invoice “{number}” of this user.")
    return _pdf(found)


@require_POST
@private_page
def again(request: HttpRequest, number: str, token: uuid.UUID) -> HttpResponse:
    """Fill the visitor's cart with what the order held, and say what is missing."""
    found = get_object_or_404(Order, number=number, token=token)
    cart = carts.of_or_new(request)
    let_go = checkout.let_go(cart=cart)
    if let_go:
        text = _("Order %(number)s, which waited for payment, has been given up, because your cart has changed.")
        messages.info(request, text % {"number": let_go})
    outcome = buy_again.fill(cart=cart, order=found)
    for problem in outcome.problems:
        messages.warning(request, problem)
    if outcome.added:
        messages.success(request, _("In your cart again, at the prices of today: %s.") % ", ".join(outcome.added))
    response = redirect("ecommerce:cart")
    cart_cookie.write(response, cart)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Send the link again to who ordered. Whatever was typed, the answer is the same."""
    form = OrderLookupForm(request.POST or None, initial={"number": request.GET.get("number", "")[:30]})
    if request.method != "POST" or not form.is_valid():
        return render(request, "ecommerce/order_lookup.html", {"form": form}, status=400 if form.errors else 200)
    if not form.is_from_a_program:
        try:
            rate_limits.count(CALLER_LIMIT, client_network(request))
        except rate_limits.TooManyRequests as error:
            return _too_many(request, form, error)
        _mail_link(form.cleaned_data["number"], form.cleaned_data["email"])
    return redirect("ecommerce:order_lookup_done")


@require_safe
def lookup_done(request: HttpRequest) -> HttpResponse:
    return render(request, "ecommerce/order_lookup_done.html")


def _order_page(request: HttpRequest, found: Order) -> HttpResponse:
    addresses = {address.kind: invoice_content.address_lines(address) for address in found.addresses.all()}
    sessions = list(found.stripe_sessions.all()[:1]) if found.state == Order.State.PENDING else []
    context = {
        "order": found,
        "headline": order_words.headline(found),
        "steps": order_words.steps(found),
        "addresses": addresses,
        "same_address": addresses.get("billing") == addresses.get("shipping"),
        "papers": [(paper, order_links.invoice_path(paper)) for paper in found.invoices.all()],
        "again_url": reverse("ecommerce:order_again", kwargs={"number": found.number, "token": found.token}),
        **_payment(request, found, sessions),
    }
    return render(request, "ecommerce/order.html", context)


def _payment(request: HttpRequest, found: Order, sessions: list[StripeSession]) -> dict[str, Any]:
    """Whether the payment is being looked at, or can still be made."""
    if found.state != Order.State.PENDING:
        return {}
    is_slow = any(session.status == StripeSession.Status.PROCESSING for session in sessions)
    looks = _looks(request)
    pay_url = reverse("ecommerce:order_pay", kwargs={"number": found.number, "token": found.token})
    if is_slow or request.GET.get("payment") == "done":
        payments.check_soon(order=found)
        next_look = _next_look(request, looks)
        # Who left the payment page without paying, and came here all the same, can go back to it.
        may_pay = not next_look and not is_slow
        return {"is_checked": True, "is_slow": is_slow, "pay_url": pay_url if may_pay else "", **next_look}
    left = found.reserved_until - timezone.now() if found.reserved_until else None
    minutes = max(0, int(left.total_seconds() // 60)) if left else None
    return {"pay_url": pay_url, "minutes_left": minutes, "payment": request.GET.get("payment", "")}


def _looks(request: HttpRequest) -> int:
    text = request.GET.get("look", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _next_look(request: HttpRequest, looks: int) -> dict[str, Any]:
    if looks >= LOOKS:
        return {}
    parameters = request.GET.copy()
    parameters["look"] = str(looks + 1)
    seconds = SECONDS_BETWEEN_LOOKS[min(looks // 3, len(SECONDS_BETWEEN_LOOKS) - 1)]
    return {"look_again_url": f"{request.path}?{parameters.urlencode()}", "look_again_seconds": seconds}


def _pdf(found: Invoice) -> HttpResponse:
    response = HttpResponse(invoice_pdf.read(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{invoice_pdf.file_name(found)}"'
    return response


def _mail_link(number: str, email: str) -> None:
    found = order_selectors.by_number_and_email(number=number, email=email)
    if found is None:
        return
    try:
        rate_limits.count(MAILBOX_LIMIT, email)
    except rate_limits.TooManyRequests:
        return  # said to nobody: it would tell a stranger that there is such an order
    order_mails.link(order=found)


def _too_many(request: HttpRequest, form: OrderLookupForm, error: rate_limits.TooManyRequests) -> HttpResponse:
    response = render(request, "ecommerce/order_lookup.html", {"form": form, "too_many": True}, status=429)
    response["Retry-After"] = str(error.retry_after)
    return response
