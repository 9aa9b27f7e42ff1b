"""Accounts that staff make, beside those that people make for themselves."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from users.models import CustomUser


@transaction.atomic
def vouch_for_address(user: CustomUser) -> None:
    """Make the user's address the one that they log in with, without a mail to confirm it.

    For addresses that an administrator has typed. Other addresses of the account, old or unconfirmed, are dropped.
    """
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"primary": True, "verified": True})
