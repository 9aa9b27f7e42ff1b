"""The columns of Shopify's product CSV: under their names of old and those of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.services.file_imports import FileRefusedError

# What we take over, and what Shopify calls it, in lower case.
NAMES: dict[str, tuple[str, ...]] = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "description": ("body (html)", "body html", "description"),
    "type": ("type", "product type", "custom product type"),
    "product_category": ("product category", "standardized product type", "standard product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    "option1_name": ("option1 name",),
    "option1_value": ("option1 value",),
    "option2_name": ("option2 name",),
    "option2_value": ("option2 value",),
    "option3_name": ("option3 name",),
    "option3_value": ("option3 value",),
    "sku": ("variant sku", "sku"),
    "grams": ("variant grams", "weight value (grams)"),
    "weight": ("variant weight", "weight", "weight value"),
    "weight_unit": ("variant weight unit", "weight unit", "weight unit for display"),
    "quantity": ("variant inventory qty", "inventory quantity"),
    "policy": ("variant inventory policy", "continue selling when out of stock"),
    "price": ("variant price", "price"),
    "compare_at_price": ("variant compare at price", "compare-at price", "compare at price"),
    "picture_url": ("image src", "product image url"),
    "picture_position": ("image position",),
    "picture_alt": ("image alt text",),
    "gift_card": ("gift card",),
    "seo_description": ("seo description",),
}
REQUIRED = {"handle": "Handle", "title": "Title"}
_FIELDS = {name: field for field, names in NAMES.items() for name in names}


@dataclass(frozen=True)
class Header:
    fields: dict[str, int]  # our field: the number of its column
    unused: dict[str, int]  # Shopify's or somebody's column that we have no place for: its number
    width: int

    def has(self, field: str) -> bool:
        return field in self.fields


def understand(cells: Sequence[str]) -> Header:
    """Raise FileRefusedError unless these are the names of a product file's columns."""
    names = [cell.strip() for cell in cells]
    fields: dict[str, int] = {}
    unused: dict[str, int] = {}
    for number, name in enumerate(names):
        field = _FIELDS.get(name.lower())
        if field is None:
            unused[name] = number
        elif field in fields:
            raise FileRefusedError(_refuse_twice(names[fields[field]], name))
        else:
            fields[field] = number
    _require(fields, names)
    return Header(fields, unused, len(names))


def _refuse_twice(first: str, second: str) -> str:
    return _("Line 1: the columns “%(first)s” and “%(second)s” say the same. Keep one of them.") % {
        "first": first,
        "second": second,
    }


def _require(fields: dict[str, int], names: Sequence[str]) -> None:
    missing = [name for field, name in REQUIRED.items() if field not in fields]
    if not missing:
        return
    if len(names) == 1 and any(sign in names[0] for sign in ";\t"):
        raise FileRefusedError(
            _("Line 1: the columns are not separated by commas. Save the file as CSV with commas, in UTF-8.")
        )
    raise FileRefusedError(
        _("Line 1 must name the columns, and these are missing: %(names)s. Is it Shopify’s export of products?")
        % {"names": ", ".join(missing)}
    )
