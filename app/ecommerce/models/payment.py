"""What the shop knows of Stripe.

Stripe's own objects are the truth about money; these rows remember what was acted on.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_extensions.db.models import TimeStampedModel

from ecommerce.models.order import Order, OrderLine, money


class StripeSession(TimeStampedModel):
    """One attempt to pay an order: a Checkout Session at Stripe, or one that is still to be made there."""

    class Status(models.TextChoices):
        CREATING = "creating", _("being created")
        OPEN = "open", _("open")
        PROCESSING = "processing", _("paid later, by a slow method")
        PAID = "paid", _("paid")
        FAILED = "failed", _("payment failed")
        EXPIRED = "expired", _("expired")
        # Paid too late, or a second time.
        RETURNED = "returned", _("paid, and given back")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="stripe_sessions", verbose_name=_("order"))
    session_id = models.CharField(_("Stripe's id"), max_length=255, unique=True, null=True, blank=True)
    idempotency_key = models.CharField(_("idempotency key"), max_length=64, unique=True, default=uuid.uuid4)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.CREATING)
    amount = money(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    url = models.URLField(_("payment page"), max_length=2000, blank=True)
    payment_intent = models.CharField(_("payment intent"), max_length=255, blank=True, db_index=True)
    expires_at = models.DateTimeField(_("expires"))
    checked_at = models.DateTimeField(_("last compared with Stripe"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "expires_at"], name="stripesession_open")]
        verbose_name = _("Stripe session")
        verbose_name_plural = _("Stripe sessions")

    def __str__(self) -> str:
        return self.session_id or f"#{self.pk}"


class StripeEvent(models.Model):
    """An event as Stripe delivered it, verified, and stored once however often it comes."""

    event_id = models.CharField(_("Stripe's id"), max_length=255, unique=True)
    type = models.CharField(_("type"), max_length=80, db_index=True)
    object_id = models.CharField(_("about"), max_length=255, blank=True, db_index=True)
    payload = models.JSONField(_("payload"))
    livemode = models.BooleanField(_("live"), default=False)
    created = models.DateTimeField(_("created at Stripe"))
    received = models.DateTimeField(_("received"), auto_now_add=True)
    processed = models.DateTimeField(_("processed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class Refund(TimeStampedModel):
    """Money on its way back. The row is written first, with the key that makes Stripe do it once."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("asked for")
        PENDING = "pending", _("on its way")
        SUCCEEDED = "succeeded", _("given back")
        FAILED = "failed", _("failed")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("order"))
    refund_id = models.CharField(_("Stripe's id"), max_length=255, unique=True, null=True, blank=True)
    idempotency_key = models.CharField(_("idempotency key"), max_length=64, unique=True, default=uuid.uuid4)
    payment_intent = models.CharField(_("payment intent"), max_length=255, blank=True)
    amount = money(_("amount"))
    # Pieces and shipping that the amount stands for, which a credit note lists; empty for a bare amount.
    shipping = money(_("of that, shipping"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive")]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")

    def __str__(self) -> str:
        return self.refund_id or f"#{self.pk}"


class RefundLine(models.Model):
    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines", verbose_name=_("refund"))
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="refund_lines", verbose_name=_("line"))
    quantity = models.PositiveIntegerField(_("pieces"))
    amount = money(_("amount"))
    restock = models.BooleanField(_("pieces are back in stock"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="refundline_once_per_line"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="refundline_quantity_positive"),
        ]
        verbose_name = _("refunded line")
        verbose_name_plural = _("refunded lines")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.title}"
