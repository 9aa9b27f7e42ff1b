"""The rich-text editor under our content security policy."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from js_asset import Media

from core.generics import AnyModelAdmin

# The editor writes one style element into the page, always the same, and has no way to give it a nonce. Without it
# spaces collapse while one types. A new version of django-prose-editor may have another; a test compares them.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


class RichTextAdmin(AnyModelAdmin):
    @method_decorator(csp_update({"style-src": [EDITOR_STYLE]}))
    def changeform_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(*args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # The editor's import map is an inline script, which the browser refuses without the nonce of this answer.
        # A nonce must be asked for: the lazy one of the request counts as false until it is.
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)
