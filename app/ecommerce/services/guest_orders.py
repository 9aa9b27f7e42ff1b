"""Orders that somebody placed without logging in, and the account whose owner has shown that the mailbox is theirs."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from ecommerce.models import Order
from ecommerce.services import orders
from users.models import CustomUser


@transaction.atomic
def attach(*, user: CustomUser) -> int:
    """Put the guest orders of the user's verified addresses into the account; how many there were.

    An order that has an owner keeps it. Locks the orders that it changes. Two queries where there is nothing to do.
    """
    found = [pk for email in _verified(user) for pk in _guest_orders(email)]
    if not found:
        return 0
    waiting = list(Order.objects.select_for_update().filter(pk__in=found, user__isnull=True).order_by("pk"))
    Order.objects.filter(pk__in=[order.pk for order in waiting]).update(user=user)
    for order in waiting:
        orders.record(order=order, what="attached", actor=user)
    return len(waiting)


def _verified(user: CustomUser) -> list[str]:
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def _guest_orders(email: str) -> list[int]:
    found = Order.objects.filter(user__isnull=True, email__iexact=email).values_list("pk", "email")
    return [pk for pk, written in found if _is_same(written, email)]


def _is_same(one: str, other: str) -> bool:
    """Whether it is one mailbox, written in other letter case at most.

    MySQL takes é for e, and Python's lower() the sign of Kelvin for k: either could be another person's address.
    """
    return one.lower() == other.lower() and one.isascii() == other.isascii()
