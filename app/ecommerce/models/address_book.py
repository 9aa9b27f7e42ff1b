"""The addresses that somebody with an account has saved, to be filled in at the checkout."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PostalAddress


class SavedAddress(PostalAddress):
    """Orders hold copies: changing or deleting one changes none of them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_addresses", verbose_name=_("user")
    )
    # At most one of each for a user: services.address_book sees to that, under a lock on the user.
    is_delivery_default = models.BooleanField(_("filled in for delivery"), default=False)
    is_invoice_default = models.BooleanField(_("filled in for the invoice"), default=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-is_delivery_default", "-is_invoice_default", "-pk"]
        verbose_name = _("saved address")
        verbose_name_plural = _("saved addresses")
