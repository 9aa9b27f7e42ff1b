"""Looking at something before it is published: staff who may see it, and whoever has a link that they made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from core.models import PublishableModel
from core.services import previews

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Preview:
    token: str  # as it stands in the address: empty for staff, who need none
    until: datetime | None = None


class PreviewEnded(Exception):  # noqa: N818  # no error: what it was made for
    """The link was good once."""


def previewable(view: View) -> View:
    """For pages that ask visible_or_404: a link that has ended says so, and is no page that was never there."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PreviewEnded:
            return private(render(request, "core/preview_ended.html", status=HTTPStatus.GONE))

    return wrapped


def visible_or_404(request: HttpRequest, thing: PublishableModel) -> Preview | None:
    """The preview that this is; None of what is published. What is not is a 404 to everybody else.

    Raises PreviewEnded.
    """
    if thing.is_published:
        return None
    token = request.GET.get(previews.PARAMETER)
    until = previews.end_of(token=token, thing=thing) if token else None
    if until is not None and until > timezone.now():
        return Preview(token or "", until)
    if token is not None and _may_preview(request, thing):
        return Preview("")
    if until is not None:
        raise PreviewEnded
    raise Http404(f"{thing} is not published.")


def private(response: HttpResponse) -> HttpResponse:
    """Kept nowhere, listed nowhere."""
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _may_preview(request: HttpRequest, thing: PublishableModel) -> bool:
    user: Any = request.user
    meta = thing._meta  # noqa: SLF001  # Django documents it as public
    return bool(user.is_staff and user.acts_as_staff and user.has_perm(f"{meta.app_label}.view_{meta.model_name}"))
