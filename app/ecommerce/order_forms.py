from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HoneypotMixin


class OrderLookupForm(HoneypotMixin):
    number = forms.CharField(
        label=_("Order number"),
        max_length=30,
        help_text=_("It stands in the mails about your order and looks like 7K3Q-9XRD."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Enter the number of your order.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The one that you ordered with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter the e-mail address that you ordered with.")},
    )
