from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from core.models import ContactMessage


class HoneypotMixin(forms.Form):
    """A field that people do not see and programs fill in."""

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class ContactForm(HoneypotMixin, forms.ModelForm[ContactMessage]):
    class Meta:
        model = ContactMessage
        fields = ["name", "email", "subject", "message"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "message": forms.Textarea(attrs={"rows": 8}),
        }
        labels = {"name": _("Your name"), "email": _("Your e-mail address")}

    @property
    def shown_fields(self) -> list[BoundField]:
        return [self[name] for name in self.Meta.fields]

    @property
    def message_data(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class NewsletterForm(HoneypotMixin):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "placeholder": "you@example.com"}),
    )
