"""Lists of words, typed with commas between them."""

from __future__ import annotations

from typing import Any

from django import forms


class WordListField(forms.CharField):
    """A JSON list of words in the database, “Small, Blue” in the form."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        # The two are what a JSONField passes to its form field.
        kwargs["widget"] = forms.TextInput(attrs={"class": "vTextField"})
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [word.strip() for word in (value or "").split(",") if word.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and self.to_python(data) != (initial or [])
