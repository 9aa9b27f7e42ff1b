from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.client_address import client_network
from core.forms import NewsletterForm
from core.origin import same_origin_required
from core.services import newsletter, rate_limits

log = structlog.get_logger(__name__)

CALLER_LIMIT = rate_limits.RateLimit(name="newsletter", times=10, seconds=3600)
# So that nobody can fill a stranger's mailbox with our mails.
MAILBOX_LIMIT = rate_limits.RateLimit(name="newsletter-mailbox", times=3, seconds=24 * 3600)


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form in the footer of every page posts here. Whatever the address's state is, the answer is the same."""
    form = NewsletterForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "core/newsletter.html", {"form": form}, status=400 if form.errors else 200)
    if not form.is_from_a_program:
        try:
            rate_limits.count(CALLER_LIMIT, client_network(request))
        except rate_limits.TooManyRequests as error:
            return _too_many(request, form, error)
        _ask_to_confirm(form.cleaned_data["email"])
    return redirect("core:newsletter_done")


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    return render(request, "core/newsletter_done.html")


@csrf_exempt  # the signed token in the address is the proof, and the page needs no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, and confirm by POST: programs that look into mails follow links, but press no buttons."""
    try:
        if request.method == "POST":
            newsletter.confirm(token=token)
            return render(request, "core/newsletter_confirmed.html")
        subscription = newsletter.confirmable(token=token)
    except newsletter.BadToken:
        return render(request, "core/newsletter_bad_link.html", status=404)
    return render(request, "core/newsletter_confirm.html", {"subscription": subscription})


@csrf_exempt  # mail programs post here themselves (RFC 8058), with the token as the only proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        if request.method == "POST":
            newsletter.unsubscribe(token=token)
            return render(request, "core/newsletter_unsubscribed.html")
        subscription = newsletter.unsubscribable(token=token)
    except newsletter.BadToken:
        return render(request, "core/newsletter_bad_link.html", status=404)
    return render(request, "core/newsletter_unsubscribe.html", {"subscription": subscription})


def _ask_to_confirm(email: str) -> None:
    try:
        rate_limits.count(MAILBOX_LIMIT, email)
    except rate_limits.TooManyRequests:
        # Said to nobody: the answer would tell a stranger that the address has asked before.
        log.info("newsletter_mail_withheld")
        return
    newsletter.subscribe(email=email)


def _too_many(request: HttpRequest, form: NewsletterForm, error: rate_limits.TooManyRequests) -> HttpResponse:
    response = render(request, "core/newsletter.html", {"form": form, "too_many": True}, status=429)
    response["Retry-After"] = str(error.retry_after)
    return response
