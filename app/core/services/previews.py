"""Links to what is not published yet, for people without an account: signed, for one thing, until a day.

Nothing is stored: who made one stands in the admin's log. A link goes on working when the thing is edited, and shows
what it has become; once it is published, the link leads to the page that everybody sees.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.utils import timezone

from core.models import PublishableModel

SALT = "core.preview"
PARAMETER = "preview"


def new_end() -> datetime:
    """Of a link that is made now."""
    return (timezone.now() + timedelta(days=settings.PREVIEW_LINK_DAYS)).replace(microsecond=0)


def link(*, thing: PublishableModel, until: datetime) -> str:
    token = signing.dumps([_label(thing), thing.pk, int(until.timestamp())], salt=SALT)
    page: Any = thing  # what can be published and has a page, which PublishableModel alone does not promise
    return f"{page.get_absolute_url()}?{urlencode({PARAMETER: token})}"


def end_of(*, token: str, thing: PublishableModel) -> datetime | None:
    """Until when the link shows the thing, be that past or not; None where it is no link of ours to it."""
    try:
        label, pk, until = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return datetime.fromtimestamp(until, UTC) if (label, pk) == (_label(thing), thing.pk) else None


def _label(thing: PublishableModel) -> str:
    return thing._meta.label_lower  # noqa: SLF001  # documented by Django
