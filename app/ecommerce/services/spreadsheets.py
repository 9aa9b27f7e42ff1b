"""Text that a spreadsheet would take for a formula, and how a CSV file carries it all the same.

A cell that begins with =, +, - or @ is computed when the file is opened in a spreadsheet, and a formula can fetch and
send things. OWASP advises an apostrophe before it. That alone would change the text on its way out and back, so here
it is reversible: reading takes one apostrophe away where one of those signs, or an apostrophe and such a sign, follows.
Numbers are not guarded: the shop's are never negative.
"""

from __future__ import annotations

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")


def guarded(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
