"""Tell staff of variants that run low: each once, and again when it has been filled up meanwhile."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core.services import mails
from core.site_address import absolute
from ecommerce.models import Product, Variant

LISTED = 50  # in one mail; it says how many more there are
BATCH = 500


@transaction.atomic
def tell() -> int:
    """Mail what has fallen to settings.LOW_STOCK_THRESHOLD since the last time; how many variants. Locks them."""
    threshold = settings.LOW_STOCK_THRESHOLD
    Variant.objects.filter(low_stock_told=True, stock__gt=threshold).update(low_stock_told=False)
    low = Variant.objects.filter(
        low_stock_told=False, stock__lte=threshold, product__in=Product.objects.published().values("pk")
    )
    variants = list(low.select_for_update(of=("self",)).order_by("pk").select_related("product"))
    if not variants:
        return 0
    for start in range(0, len(variants), BATCH):
        keys = [variant.pk for variant in variants[start : start + BATCH]]
        Variant.objects.filter(pk__in=keys).update(low_stock_told=True)
    scarcest = sorted(variants, key=lambda variant: (variant.stock, variant.pk))
    mails.send(
        template="ecommerce/mail/low_stock",
        to=settings.SUPPORT_EMAIL,
        context=_context(scarcest, threshold),
        language="",
    )
    return len(variants)


def _context(variants: list[Variant], threshold: int) -> dict[str, object]:
    listed = [(variant, _address(variant)) for variant in variants[:LISTED]]
    return {
        "variants": listed,
        "number": len(variants),
        "more": len(variants) - len(listed),
        "threshold": threshold,
    }


def _address(variant: Variant) -> str:
    return absolute(reverse("admin:ecommerce_product_change", args=[variant.product_id]))
