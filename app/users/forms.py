"""The account forms: allauth's, with labels instead of placeholders, which vanish while one types."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelForm
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
    pass


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


class ProfileForm(AnyModelForm):
    class Meta:
        model = CustomUser
        fields = ("first_name", "last_name")
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
        }
