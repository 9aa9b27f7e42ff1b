from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_extensions.db.models import TimeStampedModel

from core.richtext import rich_text_field


class NewsletterSubscription(TimeStampedModel):
    """An address that asked for the newsletter. It gets mail only once confirmed, until it unsubscribes."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("confirmed")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")

    email = models.EmailField(_("e-mail"), unique=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created"]
        indexes = [models.Index(fields=["state", "email"], name="newsletter_state")]
        verbose_name = _("newsletter subscription")
        verbose_name_plural = _("newsletter subscriptions")

    def __str__(self) -> str:
        return self.email


class Newsletter(TimeStampedModel):
    """One letter to everybody who has subscribed. It is written at leisure and sent once."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")

    subject = models.CharField(_("subject"), max_length=150)
    body = rich_text_field(_("text"), pictures=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    recipients = models.PositiveIntegerField(_("recipients"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    job = models.ForeignKey(
        "tasks.Job", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-created"]
        permissions: ClassVar = [("send_newsletter", _("Can send newsletters"))]
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("admin:core_newsletter_change", args=[self.pk])
