"""Whoever shows that a mailbox is theirs finds the orders in the account that were placed with it before."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import ngettext

from ecommerce.services import guest_orders
from users.models import CustomUser


@receiver(email_confirmed)
def attach_when_confirmed(request: HttpRequest | None, email_address: EmailAddress, **kwargs: Any) -> None:
    """A new account's address, or the new address of an account."""
    attached = guest_orders.attach(user=email_address.user)
    # After signing up nobody is logged in yet; a browser where somebody else is need not hear of it.
    if request is not None and (request.user.is_anonymous or request.user == email_address.user):
        _say(request, attached)


@receiver(user_logged_in)
def attach_at_login(request: HttpRequest | None, user: CustomUser, **kwargs: Any) -> None:
    """What was ordered since without logging in."""
    attached = guest_orders.attach(user=user)
    if request is not None:
        _say(request, attached)


def _say(request: HttpRequest, attached: int) -> None:
    if attached:
        text = ngettext(
            "%(count)d earlier order was added to your account.",
            "%(count)d earlier orders were added to your account.",
            attached,
        )
        messages.success(request, text % {"count": attached}, fail_silently=True)
