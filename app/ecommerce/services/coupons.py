"""Coupons: whether one applies, and its uses counted once for each order that holds one."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.templatetags.money import money
from ecommerce.models import Coupon, Order
from ecommerce.services.errors import CouponError

MAX_CODE_LENGTH = 40


def find(*, code: str) -> Coupon:
    """The coupon with that code, in capitals or not. Raises CouponError."""
    typed = " ".join(code.split())
    if not typed:
        raise CouponError(_("Enter the code of a coupon."))
    found = Coupon.objects.filter(code__iexact=typed).first() if len(typed) <= MAX_CODE_LENGTH else None
    if found is None or not found.active:
        raise CouponError(_("We do not know a coupon “%(code)s”.") % {"code": typed[:MAX_CODE_LENGTH]})
    return found


def check(*, coupon: Coupon, goods: Decimal, email: str = "", waiting: Order | None = None) -> None:
    """Raise CouponError where the coupon does not apply to goods of that amount now, and say why.

    With an address its uses by that customer are counted too: one query. An order of the same buyer that still waits
    for payment does not count: it is given up for the next one.
    """
    _check_dates(coupon)
    if goods < coupon.minimum_amount:
        raise CouponError(
            _("The coupon %(code)s needs goods of %(amount)s or more.")
            % {"code": coupon, "amount": money(coupon.minimum_amount)}
        )
    own = 1 if waiting and waiting.holds_coupon and waiting.coupon_id == coupon.pk else 0
    if coupon.max_uses is not None and coupon.uses - own >= coupon.max_uses:
        raise CouponError(_("The coupon %(code)s has been used up.") % {"code": coupon})
    if email:
        _check_customer(coupon, email, except_order=waiting.pk if waiting else None)


def take(*, order: Order) -> None:
    """Count the order as a use of its coupon, in the caller's transaction. Raises CouponError: then undo it all.

    The coupon's row is locked while this customer's uses are counted; the limit of all stands in the UPDATE.
    """
    if order.coupon_id is None or order.holds_coupon:
        return
    coupon = Coupon.objects.select_for_update().get(pk=order.coupon_id)
    _check_dates(coupon)
    _check_customer(coupon, order.email, except_order=order.pk)
    free = Coupon.objects.filter(Q(max_uses__isnull=True) | Q(uses__lt=F("max_uses")), pk=coupon.pk)
    if free.update(uses=F("uses") + 1) != 1:
        raise CouponError(_("The coupon %(code)s has been used up.") % {"code": coupon})
    Order.objects.filter(pk=order.pk).update(holds_coupon=True)
    order.holds_coupon = True


def take_again(*, order: Order) -> None:
    """Count an order whose use was given back before its money came. Its price stands, beyond every limit too."""
    if order.coupon_id is None:
        return
    if Order.objects.filter(pk=order.pk, holds_coupon=False).update(holds_coupon=True) == 1:
        order.holds_coupon = True
        Coupon.objects.filter(pk=order.coupon_id).update(uses=F("uses") + 1)


@transaction.atomic
def release(*, order: Order) -> bool:
    """Give the order's use back, once however often it is asked; whether it did."""
    if Order.objects.filter(pk=order.pk, holds_coupon=True).update(holds_coupon=False) != 1:
        return False
    order.holds_coupon = False
    if order.coupon_id is not None:
        Coupon.objects.filter(pk=order.coupon_id, uses__gt=0).update(uses=F("uses") - 1)
    return True


def _check_dates(coupon: Coupon) -> None:
    now = timezone.now()
    if not coupon.active or (coupon.ends and coupon.ends <= now):
        raise CouponError(_("The coupon %(code)s is no longer valid.") % {"code": coupon})
    if coupon.starts and coupon.starts > now:
        raise CouponError(_("The coupon %(code)s is not valid yet.") % {"code": coupon})


def _check_customer(coupon: Coupon, email: str, *, except_order: int | None) -> None:
    if coupon.max_uses_per_customer is None:
        return
    # Addresses are kept in lower case, so that the index is used.
    holders = Order.objects.filter(coupon=coupon, email=email.lower(), holds_coupon=True)
    others = holders if except_order is None else holders.exclude(pk=except_order)
    if others.count() >= coupon.max_uses_per_customer:
        raise CouponError(_("You have used the coupon %(code)s already.") % {"code": coupon})
