"""Error pages that stand on their own: one file each, with its styles inside, for when nothing else can be asked.

Django answers 500 with one. The others are for nginx, which shows them while Django cannot answer: they are kept as
files in ``hnmproject/static/errors``, written by ``manage.py error_pages``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

FOLDER = settings.APP_DIR / "hnmproject" / "static" / "errors"


@dataclass(frozen=True)
class ErrorPage:
    """In English, and below in German: nobody can be asked then which of them the visitor reads."""

    heading: str
    text: str
    german: str
    again: bool = False


UNAVAILABLE = ErrorPage(
    "We will be right back",
    "The shop is being looked after and cannot answer just now. Please try again in a minute or two.",
    "Wir sind gleich wieder da. Bitte versuchen Sie es in ein, zwei Minuten noch einmal.",
    again=True,
)

PAGES: dict[int, ErrorPage] = {
    413: ErrorPage(
        "That is too large",
        "What you sent is larger than we can take. Please send a smaller file.",
        "Das ist zu groß für uns. Bitte schicken Sie eine kleinere Datei.",
    ),
    429: ErrorPage(
        "A little slower, please",
        "There were too many requests from you at once. Wait a minute, please.",
        "Das waren zu viele Anfragen auf einmal. Bitte warten Sie eine Minute.",
    ),
    500: ErrorPage(
        "Something went wrong",
        "It is our fault, not yours. We have been told. Please try again later.",
        "Das liegt an uns, nicht an Ihnen. Wir wissen Bescheid. Bitte versuchen Sie es später noch einmal.",
    ),
    502: UNAVAILABLE,
    503: UNAVAILABLE,
}


def render(status: int, *, nonce: str = "") -> str:
    """The page's HTML. It reads no setting that differs between installations, so the files suit each of them."""
    return render_to_string("errors/standalone.html", {"status": status, "page": PAGES[status], "nonce": nonce})


def file(status: int) -> Path:
    return Path(FOLDER) / f"{status}.html"


def write_files() -> list[Path]:
    """Write the file of every page, and return their paths."""
    for status in PAGES:
        file(status).write_text(render(status), encoding="utf-8")
    return [file(status) for status in PAGES]
