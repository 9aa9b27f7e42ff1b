"""What tests need to log people in by forms, and past a second factor."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.test import Client
from django.urls import reverse

from users.models import CustomUser
from users.tests.factories import PASSWORD


def log_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password, **extra})


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def show_who_you_are(client: Client) -> None:
    """By the password, as pages about an account's safety ask for it."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def second_factor_for(user: CustomUser) -> str:
    """Give the user an app and recovery codes. Returns the secret of the app."""
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return str(secret)


def code(secret: str, *, steps_ago: int = 0) -> str:
    """What an app with this secret shows now, or showed so many half minutes ago."""
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 - steps_ago)))
