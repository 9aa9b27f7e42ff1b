"""Where Stripe delivers its events, and where a buyer goes on to pay."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ecommerce.models import Order
from ecommerce.services import order_links, payments, stripe_events
from ecommerce.services.errors import EventRefusedError, ShopError

# Stripe's events are a few kilobytes; whatever is much larger is not one.
LARGEST_EVENT = 256 * 1024


@csrf_exempt  # the signature says who sent it
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take an event in: 200 once it is stored, 400 where it is not from Stripe, which then tries again."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_EVENT:
        return HttpResponse(
            "The event is too large.\n", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, content_type="text/plain"
        )
    try:
        stripe_events.receive(payload=request.body, signature=request.headers.get("Stripe-Signature", ""))
    except EventRefusedError as error:
        return HttpResponse(f"{error}\n", status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_POST
def order_pay(request: HttpRequest, number: str, token: uuid.UUID) -> HttpResponse:
    """On to the payment page of an order that waits for it."""
    order = get_object_or_404(Order, number=number, token=token)
    try:
        return HttpResponse(status=303, headers={"Location": payments.start(order=order)})
    except ShopError as error:
        messages.error(request, str(error))
        return HttpResponse(status=303, headers={"Location": order_links.order_path(order)})
