"""In which language each user is spoken to. Visitors without an account: ``core.languages``."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import languages
from core.origin import same_origin_required
from users.models import CustomUser


class LanguageMiddleware:
    """Speaks the language of who is logged in, else that of the visitor. Visitors without a session cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = _of_account(request) or languages.of_visitor(request)
        request.LANGUAGE_CODE = language  # as Django's own middleware does
        with translation.override(language):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def _of_account(request: HttpRequest) -> str:
    # Who only carries a session's cookie is asked for on every page anyway: the header has their name.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return ""
    return request.user.language if languages.is_offered(request.user.language) else ""


@never_cache
@require_POST
@same_origin_required
def choose(request: HttpRequest) -> HttpResponse:
    """Speak another language from here on: in this browser, and in the account of who is logged in.

    The form stands on pages that everyone shares, so it carries no token; the browser says where it comes from.
    """
    response = redirect(_way_back(request))
    chosen = request.POST.get("language", "")
    if languages.is_offered(chosen):
        languages.remember(response, chosen)
        if request.user.is_authenticated:
            CustomUser.objects.filter(pk=request.user.pk).update(language=chosen)
    else:
        messages.error(request, _("This shop does not speak that language."))
    return response


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else "home"
