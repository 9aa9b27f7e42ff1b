"""What a visitor means to buy. A cart holds no price that counts: prices are read live until checkout."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_extensions.db.models import TimeStampedModel

from ecommerce.models.catalogue import Variant
from ecommerce.models.coupon import Coupon


class Cart(TimeStampedModel):
    """A guest's is found by its token in a signed cookie, a user's by the user, who has one."""

    token = models.UUIDField(_("token"), default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="cart",
        verbose_name=_("user"),
    )
    coupon = models.ForeignKey(
        Coupon, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("coupon")
    )
    # Asked twice with one key, checkout makes one order; the key changes once that order is made.
    checkout_key = models.UUIDField(_("checkout key"), default=uuid.uuid4, editable=False, db_index=True)

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        indexes = [models.Index(fields=["modified"], name="cart_modified")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class CartLine(models.Model):
    """So many pieces of a variant. The title and the price last seen explain what has changed since."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines", verbose_name=_("cart"))
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("variant")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    seen_title = models.CharField(_("title when last seen"), max_length=450)
    seen_price = models.DecimalField(_("price when last seen"), max_digits=10, decimal_places=2, default=Decimal(0))

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Rows whose variant is gone are never equal to each other.
            models.UniqueConstraint(fields=["cart", "variant"], name="cartline_once_per_variant"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="cartline_quantity_positive"),
        ]
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.seen_title}"
