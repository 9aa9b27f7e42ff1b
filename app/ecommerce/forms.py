"""What visitors may narrow a list by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecommerce import selectors
from ecommerce.services import categories, search

_SORTS = [
    (selectors.NEWEST.name, _("Newest first")),
    (selectors.CHEAPEST.name, _("Price, low to high")),
    (selectors.DEAREST.name, _("Price, high to low")),
    (selectors.BY_TITLE.name, _("Name, A to Z")),
]


class PriceField(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=0,
            max_digits=10,
            decimal_places=2,
            # Not type=number: it hides from the server what was typed wrong, and takes no decimal comma.
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8}),
            error_messages={
                "invalid": _("enter an amount, for example 25 or 12.50."),
                "min_value": _("enter an amount that is not below zero."),
                "max_decimal_places": _("enter at most two digits after the point."),
                "max_digits": _("this amount is too large."),
                "max_whole_digits": _("this amount is too large."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class FilterForm(forms.Form):
    """The filters of a list. Each field stands for itself: what is wrong in one leaves the others in force."""

    default_sort = selectors.NEWEST.name

    category = forms.ChoiceField(
        label=_("Category"), required=False, error_messages={"invalid_choice": _("there is no such category.")}
    )
    price_min = PriceField(label=_("Price from"))
    price_max = PriceField(label=_("Price up to"))
    in_stock = forms.BooleanField(label=_("In stock only"), required=False)
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=_SORTS,
        widget=forms.Select(attrs={"form": "filters"}),
        error_messages={"invalid_choice": _("choose one of the list.")},
    )

    def __init__(self, data: Any, *, tree: categories.Tree, with_category: bool = True) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.tree = tree
        if with_category:
            field = self.fields["category"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
            indented = [(node.slug, "\N{NO-BREAK SPACE}" * 3 * node.depth + node.title) for node in tree]
            field.choices = [("", _("All")), *indented]
        else:
            del self.fields["category"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        lowest, highest = cleaned.get("price_min"), cleaned.get("price_max")
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("price_max", _("enter an amount that is not below “Price from”."))
        return cleaned

    def filters(self) -> selectors.Filters:
        """What holds of it, after is_valid() was asked and whatever it answered."""
        valid = self.cleaned_data
        filters = selectors.Filters(
            price_min=valid.get("price_min"),
            price_max=valid.get("price_max"),
            in_stock=valid.get("in_stock", False),
        )
        node = self.tree.by_slug(valid.get("category") or "")
        return filters.in_category(node, self.tree) if node else filters

    @property
    def chosen_sort(self) -> str:
        return self.cleaned_data.get("sort") or self.default_sort

    def in_force(self) -> bool:
        """Whether anything narrows the list, so that an empty one can say what to take back."""
        narrowing = ("category", "price_min", "price_max", "in_stock")
        return any(self.cleaned_data.get(name) not in (None, "", False) for name in narrowing)


class SearchFilterForm(FilterForm):
    default_sort = search.RELEVANCE

    def __init__(self, data: Any, *, tree: categories.Tree) -> None:
        super().__init__(data, tree=tree)
        field = self.fields["sort"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = [(search.RELEVANCE, _("Best match")), *_SORTS]
