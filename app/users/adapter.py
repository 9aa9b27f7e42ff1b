"""How allauth behaves in this project."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import languages


def _language_of(user: Any) -> str:
    """That of the account, wherever the mail was asked for; else the one that is spoken now."""
    return getattr(user, "language", "") or languages.current()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This code is not right. Please take the one from our newest mail."),
        "rate_limited": _("That was very often. Please wait a while, then try again."),
    }

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME}: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # Subjects are rendered without the request, so without what the context processors give.
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        with languages.speaking(_language_of(context.get("user"))):
            super().send_mail(template_prefix, email, {**site, **context})

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Whoever signs up is written to from then on in the language that they signed up in."""
        user.language = languages.current()
        return super().save_user(request, user, form, commit)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a login may end there: on the very host that was asked, and on no other that we happen to serve."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("users:profile")

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Make a confirmed address the user's own, unless an account has it already, confirmed or not."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. A code of the app works for half a minute, and once."),
        "incorrect_passkey": _("This passkey could not be used. Please try again."),
        "cannot_generate_recovery_codes": _("Recovery codes need a second step: set up an authenticator app first."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  # allauth's name for it
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Browsers show the name beside the passkey. The id must stay the host: passkeys are tied to it."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}
