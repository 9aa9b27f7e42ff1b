"""The rich-text editor under our content security policy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from js_asset import Media

from core.generics import AnyModelAdmin


class RichTextAdmin(AnyModelAdmin):
    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # The editor's import map is an inline script, which the browser refuses without the nonce of this answer.
        # A nonce must be asked for: the lazy one of the request counts as false until it is.
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)
