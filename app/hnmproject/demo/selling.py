"""Puts the demo's ways to send things and its coupons into the shop."""

from __future__ import annotations

from ecommerce.models import Coupon, ShippingMethod, TaxRate

from . import content
from .run import Run, assign
from .specs import CouponSpec, ShippingSpec


def load(run: Run) -> None:
    for position, method in enumerate(content.SHIPPING):
        _load_method(run, method, position)
    for coupon in content.COUPONS:
        _load_coupon(run, coupon)


def _load_method(run: Run, spec: ShippingSpec, position: int) -> None:
    method = ShippingMethod.objects.filter(name=spec.name).first() or ShippingMethod(name=spec.name)
    created = method.pk is None
    if not created and not run.refresh:
        return
    assign(method, description=spec.description, price=spec.price, free_from=spec.free_from, active=True)
    assign(method, countries=list(spec.countries), tax_rate=TaxRate.objects.get(name=spec.tax), position=position)
    method.save()
    run.count("shipping methods", created=created)


def _load_coupon(run: Run, spec: CouponSpec) -> None:
    coupon = Coupon.objects.filter(code=spec.code).first() or Coupon(code=spec.code)
    created = coupon.pk is None
    if not created and not run.refresh:
        return
    assign(coupon, kind=Coupon.Kind.PERCENT if spec.is_percent else Coupon.Kind.FIXED, value=spec.value, active=True)
    assign(coupon, minimum_amount=spec.minimum, max_uses_per_customer=spec.uses_per_customer)
    coupon.save()
    run.count("coupons", created=created)
