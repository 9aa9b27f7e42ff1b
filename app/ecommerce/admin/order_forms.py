"""What staff are asked before an order is changed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecommerce.models import Order
from ecommerce.services import refund_amounts

REASON_LENGTH = 300  # what a refund's row keeps
SENT_AGAIN = {
    "confirmation": _("Confirmation, with the invoice"),
    "shipped": _("On its way, with the tracking number"),
    "refunded": _("Refund, with the credit note"),
    "link": _("Link to the order"),
}


class OrderActionForm(forms.Form):
    """``order`` is what the action is about."""

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        self.order = order
        super().__init__(*args, **kwargs)


class ShipForm(OrderActionForm):
    carrier = forms.CharField(label=_("Carrier"), max_length=60, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=80, required=False)
    tracking_url = forms.URLField(
        label=_("Tracking address"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("Where the buyer can follow the parcel."),
    )


class ReasonForm(OrderActionForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Kept in the order's history."),
    )


class NoteForm(OrderActionForm):
    text = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "cols": 60}))


class MailForm(OrderActionForm):
    mail = forms.ChoiceField(label=_("Mail"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mail"]
        field.choices = [(name, SENT_AGAIN[name]) for name in self._that_fit()]

    def _that_fit(self) -> Iterator[str]:
        if self.order.is_paid:
            yield "confirmation"
        if self.order.shipped_at:
            yield "shipped"
        if self.order.refunded:
            yield "refunded"
        yield "link"


class RefundForm(OrderActionForm):
    """So many pieces of each line, and of the shipping. Named after the lines' keys: ``line_7``."""

    restock = forms.BooleanField(
        label=_("The pieces are back: put them on sale again"),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("The buyer reads it on the credit note."),
    )
    # What was shown when it was confirmed: the amount, and how many refunds there were.
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)
    refunds_before = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = refund_amounts.quantities_left(order=self.order)
        self.lines = list(self.order.lines.all())
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = forms.IntegerField(
                label=line.title,
                required=False,
                initial=0,
                min_value=0,
                max_value=left[line.pk],
                disabled=not left[line.pk],
            )
        most = refund_amounts.shipping_left(order=self.order)
        self.fields["shipping"] = forms.DecimalField(
            label=_("Shipping"),
            required=False,
            initial=0,
            min_value=0,
            max_value=most,
            decimal_places=2,
            disabled=not most,
        )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(line, self[f"line_{line.pk}"]) for line in self.lines]

    @property
    def quantities(self) -> dict[int, int]:
        return {line.pk: self.cleaned_data.get(f"line_{line.pk}") or 0 for line in self.lines}

    @property
    def shipping(self) -> Decimal:
        return self.cleaned_data.get("shipping") or Decimal(0)
