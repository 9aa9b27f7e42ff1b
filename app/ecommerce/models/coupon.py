"""Coupons, and the record of who has used which."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_extensions.db.models import TimeStampedModel


class Coupon(TimeStampedModel):
    """A code that makes an order cheaper. ``uses`` counts the orders that hold one: open, or paid."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("percent of the goods")
        FIXED = "fixed", _("fixed amount")

    code = models.CharField(_("code"), max_length=40, unique=True, help_text=_("Upper and lower case are the same."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERCENT)
    value = models.DecimalField(
        _("value"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    minimum_amount = models.DecimalField(
        _("minimum amount"), max_digits=10, decimal_places=2, default=Decimal(0), help_text=_("Of the goods.")
    )
    starts = models.DateTimeField(_("from"), null=True, blank=True)
    ends = models.DateTimeField(_("until"), null=True, blank=True)
    max_uses = models.PositiveIntegerField(_("uses in all"), null=True, blank=True, help_text=_("Empty: no limit."))
    max_uses_per_customer = models.PositiveIntegerField(
        _("uses per customer"), null=True, blank=True, help_text=_("Counted by e-mail address. Empty: no limit.")
    )
    uses = models.PositiveIntegerField(_("used"), default=0, editable=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(value__gt=0), name="coupon_value_positive"),
            models.CheckConstraint(
                condition=~models.Q(kind="percent") | models.Q(value__lte=100),
                name="coupon_percent_up_to_100",
                violation_error_message=_("A discount in percent is at most 100."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True)
                | models.Q(ends__isnull=True)
                | models.Q(ends__gt=models.F("starts")),
                name="coupon_ends_after_start",
                violation_error_message=_("The end must lie after the start."),
            ),
        ]
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")

    def __str__(self) -> str:
        return self.code
