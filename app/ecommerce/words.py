"""The words of a text as the search compares them. The index and the question go through the same functions."""

from __future__ import annotations

import re
import unicodedata

_PLURAL = re.compile(r"(?<=ss|sh|ch)es$|(?<=[^s])s$")


def one_line(text: str, *, max_length: int) -> str:
    """The text without control characters and needless spaces, its accents composed, cut to that length."""
    visible = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text[:1000])
    return " ".join(unicodedata.normalize("NFC", visible).split())[:max_length].strip()


def singular(word: str) -> str:
    """“mugs” and “mug” as one word, “glasses” and “glass” too. Just enough English for a shop."""
    return _PLURAL.sub("", word) if len(word) > 3 else word  # “gas” and “bus” are whole


def singulars(text: str) -> str:
    return " ".join(singular(word) for word in re.findall(r"[^\W_]+", text.lower()))
