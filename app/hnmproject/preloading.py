"""What web processes would each load at their first requests: loaded before they are forked, they share it."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation


def load() -> None:
    """Addresses, words of each language, and the shop's own templates. Asks neither database nor Redis."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            reverse("home")
            translation.gettext(code)  # whatever is asked for loads the catalogue
    for folder in settings.APP_DIR.glob("*/templates"):
        for page in folder.rglob("*.html"):
            get_template(str(page.relative_to(folder)))
