"""Invoices and credit notes: numbered without gaps, and never changed once issued."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.storage import private_storage
from ecommerce.models.order import Order, money
from ecommerce.models.payment import Refund


class InvoiceSequence(models.Model):
    """The last number given in a series and year. Its row is the lock under which the next is taken."""

    series = models.CharField(_("series"), max_length=10)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="invoicesequence_once_per_year")]
        verbose_name = _("sequence of numbers")
        verbose_name_plural = _("sequences of numbers")

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.last}"


class FinalInvoiceError(Exception):
    """An invoice was to be changed or deleted. A mistake on one is corrected by a credit note."""


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def update(self, **values: Any) -> int:
        raise FinalInvoiceError("Invoices are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FinalInvoiceError("Invoices are never deleted.")


class Invoice(models.Model):
    """All that the document says is in ``content``, as it was when it was issued. Only its PDF is added, once."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit-note", _("credit note")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("order"))
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_note", verbose_name=_("refund")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INVOICE)
    number = models.CharField(_("number"), max_length=30, unique=True)
    series = models.CharField(_("series"), max_length=10)
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("number within the year"))
    issued = models.DateTimeField(_("issued"))
    currency = models.CharField(_("currency"), max_length=3)
    total = money(_("total"))
    tax = money(_("tax"))
    content = models.JSONField(_("content"))
    pdf = models.FileField(_("PDF"), storage=private_storage, upload_to="invoices/%Y/", blank=True, max_length=200)
    token = models.UUIDField(_("token"), default=uuid.uuid4, unique=True, editable=False)

    objects: ClassVar[models.Manager[Invoice]] = models.Manager.from_queryset(InvoiceQuerySet)()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "sequence"], name="invoice_number_once"),
        ]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FinalInvoiceError(f"Invoice {self.number} has been issued: it is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FinalInvoiceError(f"Invoice {self.number} has been issued: it is never deleted.")

    def attach_pdf(self, name: str) -> bool:
        """Remember the stored file, unless there is one already; whether this one is remembered."""
        mine = Invoice._base_manager.filter(pk=self.pk, pdf="").update(pdf=name) == 1
        self.pdf.name = Invoice._base_manager.values_list("pdf", flat=True).get(pk=self.pk)
        return mine
