"""The rich text that staff may write: one set of allowed formats, for every field."""

from __future__ import annotations

import html
import re
from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorField

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Code": True,
    "CodeBlock": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}
# For texts that are longer than a description. A picture has to be of this site: our content security policy shows no
# other.
WITH_PICTURES: dict[str, Any] = EXTENSIONS | {"Image": True, "Figure": True, "Caption": True}


class RichTextField(ProseEditorField):
    """Also cleans what comes by other ways than a form: an import, a shell, a service."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        cleaned: str = self.sanitize(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, cleaned)
        return cleaned


def rich_text_field(*args: Any, pictures: bool = False, **kwargs: Any) -> RichTextField:
    """A text field edited as rich text and sanitised on every save to just what the editor can produce."""
    extensions = WITH_PICTURES if pictures else EXTENSIONS
    return RichTextField(*args, extensions=extensions, sanitize=True, **kwargs)


def plain_text(rich_text: str) -> str:
    """The words alone. A tag becomes a space, or the last word of a paragraph would merge with the next one's."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", rich_text)).split())
