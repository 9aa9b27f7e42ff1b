"""Second factors that somebody else than their owner takes away."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from core.services import mails
from users.models import CustomUser


@transaction.atomic
def remove(*, user: CustomUser) -> int:
    """Take away every second factor of the user, recovery codes included, and tell them by mail. Returns how many.

    For who has lost their phone and their codes. They log in with their password alone, so make sure that it is they
    who ask.
    """
    removed = Authenticator.objects.filter(user=user).delete()[0]
    if removed:
        mails.send(template="users/mail/second_factors_removed", to=user.email, language=user.language)
    return int(removed)
