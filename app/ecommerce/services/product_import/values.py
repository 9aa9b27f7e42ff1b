"""What a single cell means. Each raises ValueError with a sentence for whoever wrote it."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

LARGEST_PRICE = Decimal("99999999.99")
LARGEST_NUMBER = 1_000_000_000
_GRAMS = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}


def money(cell: str, *, column: str) -> Decimal:
    """12.5 or 12.50, without a sign of currency: what “1,234” is worth depends on who reads it."""
    text = cell.strip()
    if not re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        raise ValueError(
            _("%(column)s “%(text)s” is not a price. Write it like 1234.50: digits and a dot, nothing else.")
            % {"column": column, "text": text[:40]}
        )
    amount = Decimal(text)
    if amount > LARGEST_PRICE:
        raise ValueError(_("%(column)s %(text)s is too large.") % {"column": column, "text": text[:40]})
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError(_("%(column)s %(text)s has more than two decimals.") % {"column": column, "text": text[:40]})
    return amount.quantize(Decimal("0.01"))


def whole_number(cell: str, *, column: str) -> int:
    """Negative ones too: Shopify has them, where it oversold."""
    text = cell.strip()
    if not re.fullmatch(r"-?\d+(\.0+)?", text, re.ASCII):
        raise ValueError(_("%(column)s “%(text)s” is not a whole number.") % {"column": column, "text": text[:40]})
    number = int(Decimal(text))
    if abs(number) > LARGEST_NUMBER:
        raise ValueError(_("%(column)s %(text)s is too large.") % {"column": column, "text": text[:40]})
    return number


def weight(cell: str, *, unit: str, column: str) -> int:
    """In grams, rounded."""
    text = cell.strip()
    if not re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        raise ValueError(_("%(column)s “%(text)s” is not a weight.") % {"column": column, "text": text[:40]})
    factor = _GRAMS.get(unit.strip().lower() or "g")
    if factor is None:
        raise ValueError(_("The weight unit “%(unit)s” is none of g, kg, lb and oz.") % {"unit": unit.strip()[:40]})
    grams = round(Decimal(text) * factor)
    if grams > LARGEST_NUMBER:
        raise ValueError(_("%(column)s %(text)s is too large.") % {"column": column, "text": text[:40]})
    return grams


def yes_or_no(cell: str, *, column: str, empty: bool) -> bool:
    match cell.strip().lower():
        case "":
            return empty
        case "true" | "yes" | "1":
            return True
        case "false" | "no" | "0":
            return False
    raise ValueError(
        _("%(column)s “%(text)s” is neither true nor false.") % {"column": column, "text": cell.strip()[:40]}
    )


def is_active(cell: str) -> bool:
    match cell.strip().lower():
        case "" | "active":
            return True
        case "draft" | "archived" | "unlisted":
            return False
    raise ValueError(_("The status “%(text)s” is none of active, draft and archived.") % {"text": cell.strip()[:40]})
