"""Forgetting who bought: of a deleted account once its orders have ended, of everybody after the years of keeping.

The order stays, with its lines and amounts, for the books and for statistics. Its invoices stay as they were issued,
which is what tax law asks; they are private, and numbered documents may not change.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ecommerce.models import Order
from users.models import CustomUser

ENDED = (Order.State.COMPLETED, Order.State.CANCELLED, Order.State.REFUNDED)
# A parcel may still come back, and money go back, some weeks after the last that happened to an order.
QUIET = timedelta(days=30)
BATCH = 200
_ADDRESS = ("name", "company", "street", "street_extra", "postal_code", "city", "region", "phone")


def release(*, user: CustomUser) -> None:
    """Let the orders of an account be forgotten as soon as each allows it."""
    Order.objects.filter(user=user, forget_after=None).update(forget_after=timezone.now())


def forget_due() -> int:
    """Forget who bought, in every order whose time has come; how many those were."""
    now = timezone.now()
    old = now - timedelta(days=365 * settings.BUYER_RETENTION_YEARS)
    ended = Order.objects.filter(state__in=ENDED, forgotten_at=None, modified__lt=now - QUIET)
    due = ended.filter(Q(forget_after__lte=now) | Q(created__lt=old)).order_by("pk").values_list("pk", flat=True)
    forgotten = 0
    while pks := list(due[:BATCH]):
        for pk in pks:
            _forget(pk)
        forgotten += len(pks)
    return forgotten


@transaction.atomic
def _forget(pk: int) -> None:
    order = Order.objects.select_for_update().get(pk=pk)
    order.email = f"order-{order.pk}@forgotten.invalid"
    order.customer_note = order.tracking_number = order.tracking_url = ""
    order.user = None
    order.forgotten_at = timezone.now()
    order.save()
    order.addresses.update(**dict.fromkeys(_ADDRESS, ""))
    order.events.update(message="")
