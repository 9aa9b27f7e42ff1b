"""Addresses of an order and its papers, for mails: a random token in them opens them to who has no account."""

from __future__ import annotations

from django.urls import reverse

from core.site_address import absolute
from ecommerce.models import Invoice, Order


def order_path(order: Order) -> str:
    return reverse("ecommerce:order", kwargs={"number": order.number, "token": order.token})


def order_url(order: Order) -> str:
    """For mails."""
    return absolute(order_path(order))


def invoice_path(invoice: Invoice) -> str:
    return reverse("ecommerce:invoice", kwargs={"number": invoice.number, "token": invoice.token})


def invoice_url(invoice: Invoice) -> str:
    return absolute(invoice_path(invoice))
