"""A postal address, wherever one is kept: on an order, in an address book."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


class PostalAddress(models.Model):
    """Plain lines, since rules differ by country: ``core.services.addresses`` knows them."""

    name = models.CharField(_("name"), max_length=120)
    company = models.CharField(_("company"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=160)
    street_extra = models.CharField(_("flat, floor, care of"), max_length=160, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("town or city"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True, help_text=_("State or province, where used."))
    country = CountryField(_("country"))
    phone = models.CharField(_("phone"), max_length=40, blank=True, help_text=_("For the carrier only."))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"
