"""What the variants of a product differ in: names on the product (“Size”), one value for each on the variant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MAX_OPTIONS = 3
TITLE_LENGTH = 150
SEPARATOR = " / "


def title(values: Sequence[str]) -> str:
    """How a variant is called beside its product: its option values, in order."""
    return SEPARATOR.join(values)


def validate_names(names: Any) -> None:
    """Raise ValidationError unless it is a list of at most three distinct, non-empty words."""
    _validate_texts(names)
    if len(names) > MAX_OPTIONS:
        raise ValidationError(_("A product can have at most %(limit)s options.") % {"limit": MAX_OPTIONS})
    if len({name.strip().casefold() for name in names}) < len(names):
        raise ValidationError(_("Each option needs a name of its own."))


def validate_values(values: Any, *, names: Sequence[str]) -> None:
    """Raise ValidationError unless there is exactly one non-empty value for each of the product's options."""
    _validate_texts(values)
    if len(values) != len(names):
        raise ValidationError(_count_message(len(names), len(values), names))
    if len(title(values)) > TITLE_LENGTH:
        raise ValidationError(_("Together the values may have at most %(limit)s letters.") % {"limit": TITLE_LENGTH})


def _validate_texts(texts: Any) -> None:
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValidationError(_('Write a list of texts, for example ["Small", "Blue"].'))
    if not all(text.strip() for text in texts):
        raise ValidationError(_("A text in the list is empty."))


def _count_message(wanted: int, given: int, names: Sequence[str]) -> str:
    if not wanted:
        return _("This product has no options, so leave the list empty: [].")
    message = ngettext(
        "This product has one option (%(names)s), so give one value, not %(given)s.",
        "This product has %(wanted)s options (%(names)s), so give one value for each, not %(given)s.",
        wanted,
    )
    return message % {"wanted": wanted, "given": given, "names": ", ".join(names)}
