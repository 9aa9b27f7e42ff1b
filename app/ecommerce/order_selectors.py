"""Reading orders: for their buyers, and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from ecommerce.models import Invoice, Order, OrderLine, ProductImage

PER_PAGE = 10


@dataclass(frozen=True)
class OrderPage:
    orders: list[Order]
    before: int | None  # where the next page begins
    is_first: bool


def with_details() -> QuerySet[Order]:
    """Orders with their lines, pictures, addresses and papers: five queries however many."""
    first = ProductImage.objects.order_by("position", "pk")
    return Order.objects.prefetch_related(
        Prefetch("lines", OrderLine.objects.select_related("variant__product")),
        Prefetch("lines__variant__product__images", first),
        "addresses",
        Prefetch("invoices", Invoice.objects.order_by("pk")),
    )


def of_user(user: Any, *, before: str = "") -> OrderPage:
    """The user's orders, newest first. Two queries: one for the orders, one for all their lines."""
    found = Order.objects.filter(user=user).order_by("-pk").prefetch_related("lines")
    is_first = not (before.isascii() and before.isdigit() and len(before) < 19)  # digits of a key
    if not is_first:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PER_PAGE + 1])
    return OrderPage(rows[:PER_PAGE], rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None, is_first)


def by_number_and_email(*, number: str, email: str) -> Order | None:
    """As somebody types it: in small letters, without the dash, with spaces."""
    letters = "".join(letter for letter in number.upper() if letter.isalnum())
    found = Order.objects.filter(number=f"{letters[:4]}-{letters[4:]}", email__iexact=email.strip())
    return found.first()
