"""Orders: everything that was agreed, copied, so that no later change of the catalogue changes an order."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_extensions.db.models import TimeStampedModel

from core.models import PostalAddress
from ecommerce.models.catalogue import Variant
from ecommerce.models.coupon import Coupon
from ecommerce.models.shipping import ShippingMethod


def money(verbose_name: Any, **options: Any) -> models.DecimalField[Any, Decimal]:
    """An amount in the order's currency, with two places."""
    return models.DecimalField(verbose_name, max_digits=12, decimal_places=2, **{"default": Decimal(0), **options})


class Order(TimeStampedModel):
    """One purchase. Only ``services.orders`` and ``services.payments`` change its state."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for payment")
        PAID = "paid", _("paid")
        SHIPPED = "shipped", _("shipped")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")
        REFUNDED = "refunded", _("refunded")

    class Reservation(models.TextChoices):
        """Where the pieces are. Stock falls when they are held, and rises again only on a release."""

        HELD = "held", _("held for the buyer")
        SOLD = "sold", _("sold")
        RELEASED = "released", _("released")

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    token = models.UUIDField(_("token"), default=uuid.uuid4, unique=True, editable=False)
    # The cart's key at the time: a second click, the back button or another tab find this order instead.
    checkout_key = models.UUIDField(_("checkout key"), unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    reservation = models.CharField(_("reservation"), max_length=10, choices=Reservation, default=Reservation.HELD)
    reserved_until = models.DateTimeField(_("reserved until"), null=True, blank=True)
    attention = models.CharField(
        _("needs attention"), max_length=300, blank=True, help_text=_("Why a person should look. Empty: all is well.")
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("user"),
    )
    email = models.EmailField(_("e-mail address"))
    # In which the buyer was spoken to, and is written to about this order.
    language = models.CharField(_("language"), max_length=10, blank=True, default="", db_default="", editable=False)
    customer_note = models.TextField(_("the buyer's note"), blank=True, max_length=1000)
    terms_accepted = models.DateTimeField(_("terms accepted"), null=True, blank=True)

    currency = models.CharField(_("currency"), max_length=3)
    prices_include_tax = models.BooleanField(_("prices include tax"), default=True)
    # All as shown to the buyer: with tax where prices include it. total = goods - discount + shipping (+ tax).
    goods = money(_("goods"))
    discount = money(_("discount"))
    shipping = money(_("shipping"))
    tax = money(_("tax"))
    total = money(_("total"))
    refunded = money(_("refunded"))

    coupon = models.ForeignKey(
        Coupon, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders", verbose_name=_("coupon")
    )
    coupon_code = models.CharField(_("coupon code"), max_length=40, blank=True)
    holds_coupon = models.BooleanField(_("counts as a use of the coupon"), default=False)
    shipping_method = models.ForeignKey(
        ShippingMethod,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shipping method"),
    )
    shipping_name = models.CharField(_("shipping method's name"), max_length=80)
    shipping_tax_percent = models.DecimalField(_("tax on shipping"), max_digits=5, decimal_places=2, default=Decimal(0))

    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    tracking_url = models.URLField(_("tracking address"), max_length=300, blank=True)

    forget_after = models.DateTimeField(_("buyer to be forgotten after"), null=True, blank=True, editable=False)
    forgotten_at = models.DateTimeField(_("buyer forgotten"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("total")), name="order_refunded_up_to_total"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "reserved_until"], name="order_reserved_until"),
            models.Index(fields=["email"], name="order_email"),
            models.Index(fields=["user", "created"], name="order_user"),
            models.Index(fields=["coupon", "email", "holds_coupon"], name="order_coupon_customer"),
        ]
        permissions = [
            ("ship_order", _("Can mark orders as shipped")),
            ("cancel_order", _("Can cancel orders")),
            ("refund_order", _("Can refund orders")),
            ("mail_order", _("Can send an order's mails again")),
            ("note_order", _("Can write notes on orders")),
        ]
        verbose_name = _("order")
        verbose_name_plural = _("orders")

    def __str__(self) -> str:
        return self.number

    @property
    def is_paid(self) -> bool:
        """Whether money was taken for it, given back since or not."""
        return self.paid_at is not None

    @property
    def refundable(self) -> Decimal:
        """What can still be given back, in the order's currency."""
        return self.total - self.refunded if self.is_paid else Decimal(0)


class OrderAddress(PostalAddress):
    class Kind(models.TextChoices):
        SHIPPING = "shipping", _("delivery")
        BILLING = "billing", _("invoice")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("order"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="orderaddress_once_per_kind")]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")


class OrderLine(models.Model):
    """Pieces of one variant as they were sold. ``total`` and ``tax`` are of the whole line, after the discount."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", verbose_name=_("order"))
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, related_name="order_lines", verbose_name=_("variant")
    )
    product_title = models.CharField(_("product"), max_length=255)
    variant_title = models.CharField(_("variant"), max_length=150, blank=True)
    sku = models.CharField(_("SKU"), max_length=64)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = money(_("price of one"))
    discount = money(_("discount"))
    total = money(_("amount"))
    tax_name = models.CharField(_("tax"), max_length=60)
    tax_percent = models.DecimalField(_("tax in percent"), max_digits=5, decimal_places=2)
    tax = money(_("tax amount"))
    refunded_quantity = models.PositiveIntegerField(_("pieces refunded"), default=0)
    restocked_quantity = models.PositiveIntegerField(_("pieces back on sale"), default=0, db_default=0, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="orderline_quantity_positive"),
            models.CheckConstraint(
                condition=models.Q(refunded_quantity__lte=models.F("quantity")),
                name="orderline_refunded_up_to_quantity",
            ),
            models.CheckConstraint(
                condition=models.Q(restocked_quantity__lte=models.F("quantity")),
                name="orderline_restocked_up_to_quantity",
            ),
        ]
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def goods(self) -> Decimal:
        """Before the discount."""
        return self.unit_price * self.quantity

    @property
    def title(self) -> str:
        return f"{self.product_title} – {self.variant_title}" if self.variant_title else self.product_title


class OrderEvent(models.Model):
    """One entry of an order's history: what happened, when, by whom, why. Never changed, never deleted alone."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events", verbose_name=_("order"))
    created = models.DateTimeField(_("when"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    what = models.CharField(_("what"), max_length=40)
    from_state = models.CharField(pgettext_lazy("state of an order", "from"), max_length=10, blank=True)
    to_state = models.CharField(pgettext_lazy("state of an order", "to"), max_length=10, blank=True)
    message = models.TextField(_("why"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event of an order")
        verbose_name_plural = _("events of orders")

    def __str__(self) -> str:
        return self.what
