"""What the admin's log says of things that are no change of one row."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import model_ngettext
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _


def exported(request: HttpRequest, rows: QuerySet[Any]) -> None:
    """Who took how many rows out of the shop: of orders and addresses, a file is what gets lost."""
    number = rows.count()
    LogEntry.objects.create(
        user_id=request.user.pk,  # type: ignore[misc]  # the admin is for people logged in
        content_type=ContentType.objects.get_for_model(rows.model),
        object_repr=f"{number} {model_ngettext(rows.model._meta, number)}",  # noqa: SLF001  # documented by Django
        action_flag=CHANGE,
        change_message=_("Exported."),
    )
