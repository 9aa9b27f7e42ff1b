"""What the shop stores of a person: orders with all that belongs to them, and a cart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from ecommerce.models import Cart, Invoice, Order
from ecommerce.services import address_book, forgetting, invoice_pdf
from users.models import CustomUser
from users.services import personal_data

_AMOUNTS = ("goods", "discount", "shipping", "tax", "total", "refunded")
_ADDRESS = ("kind", "name", "company", "street", "street_extra", "postal_code", "city", "region", "phone")


def _orders(user: CustomUser) -> list[dict[str, Any]]:
    loaded = _orders_of(user).prefetch_related("lines", "addresses", "events", "invoices", "refunds")
    return [_order(order) for order in loaded.iterator(chunk_size=200)]


def _orders_of(user: CustomUser) -> QuerySet[Order]:
    return Order.objects.filter(user=user).order_by("pk")


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "state": order.state,
        "email": order.email,
        "language": order.language,
        "note": order.customer_note,
        "ordered": order.created,
        "terms_accepted": order.terms_accepted,
        "paid": order.paid_at,
        "shipped": order.shipped_at,
        "completed": order.completed_at,
        "cancelled": order.cancelled_at,
        "parcel": {"carrier": order.carrier, "number": order.tracking_number},
        "currency": order.currency,
        "amounts": {name: getattr(order, name) for name in _AMOUNTS},
        "coupon": order.coupon_code,
        "addresses": [
            {**{name: getattr(address, name) for name in _ADDRESS}, "country": str(address.country)}
            for address in order.addresses.all()
        ],
        "lines": [
            {"what": line.title, "sku": line.sku, "quantity": line.quantity, "amount": line.total}
            for line in order.lines.all()
        ],
        "history": [{"when": event.created, "what": event.what} for event in order.events.all()],
        "invoices": [paper.number for paper in order.invoices.all()],
        "refunds": [{"amount": refund.amount, "status": refund.status} for refund in order.refunds.all()],
    }


def _invoices(user: CustomUser) -> Iterator[tuple[str, bytes]]:
    for invoice in Invoice.objects.filter(order__user=user).order_by("pk").iterator(chunk_size=100):
        invoice_pdf.ensure(invoice)
        with invoice.pdf.open("rb") as file:
            yield invoice_pdf.file_name(invoice), file.read()


def _book(user: CustomUser) -> list[Any]:
    return [address_book.as_address(each).as_fields() for each in address_book.of(user)]


def _cart(user: CustomUser) -> list[Any]:
    cart = Cart.objects.filter(user=user).first()
    return [] if cart is None else list(cart.lines.values("seen_title", "quantity"))


def _forget_orders(user: CustomUser) -> None:
    forgetting.release(user=user)


personal_data.contribute(personal_data.Part("orders", _orders, _invoices, _forget_orders))
personal_data.contribute(personal_data.Part("cart", _cart))
personal_data.contribute(personal_data.Part("addresses", _book))
