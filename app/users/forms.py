"""The account forms: allauth's, with labels instead of placeholders, which vanish while one types."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_factor_forms
from allauth.mfa.totp import forms as app_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from core import languages
from core.generics import AnyModelForm
from users import time_zones
from users.models import CustomUser


class LabelledMixin:
    fields: dict[str, forms.Field]
    labels = {
        "email": _("E-mail address"),
        "login": _("E-mail address"),
        "remember": _("Keep me logged in on this device"),
        "oldpassword": _("Current password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)


class LoginForm(LabelledMixin, account_forms.LoginForm):
    pass


class SignupForm(LabelledMixin, account_forms.SignupForm):
    def clean_email(self) -> str:
        """The same answer whether there is an account or not: a mail goes to the address either way."""
        count("signup_address", self.cleaned_data["email"])
        return str(super().clean_email())


class RequestLoginCodeForm(LabelledMixin, account_forms.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(LabelledMixin, account_forms.ConfirmLoginCodeForm):
    labels = {"code": _("Code from the mail")}

    def clean_code(self) -> str:
        """The attempts of a login are counted in its session, which many requests at once could pass by."""
        stage = context.request._login_stage  # noqa: SLF001  # where allauth keeps it for its forms
        count("confirm_login_code", stage.state["email"])
        return str(super().clean_code())


def count(action: str, address: str) -> None:
    """Count one use for the address. Raises ValidationError once ACCOUNT_RATE_LIMITS has it as too many."""
    if not ratelimit.consume(context.request, action=action, key=address.lower()):
        raise get_account_adapter().validation_error("rate_limited")


class ChangeEmailForm(LabelledMixin, account_forms.AddEmailForm):
    labels = {"email": _("New e-mail address")}


class ChangePasswordForm(LabelledMixin, account_forms.ChangePasswordForm):
    labels = {**LabelledMixin.labels, "password1": _("New password"), "password2": _("New password (again)")}


class SetPasswordForm(LabelledMixin, account_forms.SetPasswordForm):
    pass


class ResetPasswordForm(LabelledMixin, account_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(LabelledMixin, account_forms.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password (again)")}


class ReauthenticateForm(LabelledMixin, account_forms.ReauthenticateForm):
    pass


class CodeMixin(LabelledMixin):
    """A field for the digits that an app or a list of recovery codes shows."""

    labels = {"code": _("Code")}
    user: CustomUser

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}


class CodeOnceMixin(CodeMixin):
    # As long as MFA_TOTP_TOLERANCE lets a code count. allauth itself remembers it for half a minute only.
    CODE_LIFETIME = 120

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]  # of the form that this is mixed into
        if not cache.add(f"second-factor-used:{self.user.pk}:{code}", 1, self.CODE_LIFETIME):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(CodeOnceMixin, second_factor_forms.AuthenticateForm):
    labels = {"code": _("Code from your app, or a recovery code")}


class SecondFactorAgainForm(CodeOnceMixin, second_factor_forms.ReauthenticateForm):
    labels = {"code": _("Code from your app, or a recovery code")}


class ActivateAppForm(CodeMixin, app_forms.ActivateTOTPForm):
    labels = {"code": _("The six digits that the app shows")}


class PasskeyNameMixin(LabelledMixin):
    labels = {"name": _("Name"), "passwordless": _("Log in with it alone, without the password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.validators.append(MaxLengthValidator(60))
        name.widget.attrs["maxlength"] = 60
        name.help_text = _("So that you know it again, such as “My phone”.")


@contextmanager
def nonsense_refused() -> Iterator[None]:
    """What a browser never sends is a wrong code to people, where fido2 raises whatever it stumbles over."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, struct.error):
        raise get_adapter().validation_error("incorrect_passkey") from None


class PasskeyMixin:
    def clean_credential(self) -> Any:
        with nonsense_refused():
            return super().clean_credential()  # type: ignore[misc]  # of the form that this is mixed into


class PasskeyStepForm(PasskeyMixin, passkey_forms.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(PasskeyMixin, passkey_forms.ReauthenticateWebAuthnForm):
    pass


class PasskeyLoginForm(PasskeyMixin, passkey_forms.LoginWebAuthnForm):
    pass


class AddPasskeyForm(PasskeyNameMixin, passkey_forms.AddWebAuthnForm):
    def clean(self) -> Any:
        with nonsense_refused():
            return super().clean()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "The device then asks for a finger, a face or a PIN. An old security key without a PIN cannot do that."
        )


class RenamePasskeyForm(PasskeyNameMixin, passkey_forms.EditWebAuthnForm):
    pass


class ProfileForm(AnyModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("What the browser asks for")), *languages.choices()],
        help_text=_("Of these pages, and of the mails that we send you."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=lambda: [("", _("The shop's own (%(zone)s)") % {"zone": settings.TIME_ZONE}), *time_zones.choices()],
        help_text=_("Times are shown to you in it."),
    )

    class Meta:
        model = CustomUser
        fields = ("first_name", "last_name", "language", "time_zone")
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
        }
