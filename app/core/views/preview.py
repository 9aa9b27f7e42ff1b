"""Looking at something before it is published."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from core.models import PublishableModel


def visible_or_404(request: HttpRequest, thing: PublishableModel) -> bool:
    """Whether this is a preview. What is not published is a 404, but for staff who may see it and ask for ?preview."""
    if thing.is_published:
        return False
    if "preview" in request.GET and _may_preview(request, thing):
        return True
    raise Http404(f"{thing} is not published.")


def _may_preview(request: HttpRequest, thing: PublishableModel) -> bool:
    user: Any = request.user
    meta = thing._meta  # noqa: SLF001  # Django documents it as public
    return bool(user.is_staff and user.has_perm(f"{meta.app_label}.view_{meta.model_name}"))
