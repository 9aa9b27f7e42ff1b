from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.client_address import client_network
from core.forms import ContactForm
from core.services import contact as contact_service
from core.services import rate_limits

LIMIT = rate_limits.RateLimit(name="contact", times=5, seconds=3600)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST or None, initial=_what_we_know(request))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, status=400 if form.errors else 200)
    if form.is_from_a_program:
        # The same answer as to a person, so that the program learns nothing.
        return redirect("core:contact_done")
    try:
        rate_limits.count(LIMIT, client_network(request), form.cleaned_data["email"])
    except rate_limits.TooManyRequests as error:
        response = _form_page(request, form, status=429, too_many=True)
        response["Retry-After"] = str(error.retry_after)
        return response
    contact_service.receive(**form.message_data)
    return redirect("core:contact_done")


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    return render(request, "core/contact_done.html")


def _form_page(request: HttpRequest, form: ContactForm, *, status: int, too_many: bool = False) -> HttpResponse:
    return render(request, "core/contact.html", {"form": form, "too_many": too_many}, status=status)


def _what_we_know(request: HttpRequest) -> dict[str, str]:
    user: Any = request.user
    return {"name": user.get_full_name(), "email": user.email} if user.is_authenticated else {}
