"""The pages of an account that allauth does not have."""

from __future__ import annotations

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.services import newsletter, rate_limits
from users.forms import ProfileForm
from users.models import CustomUser

WANTED_STAFF_PAGE = "wanted_staff_page"
NEWSLETTER_LIMIT = rate_limits.RateLimit(name="newsletter-mailbox", times=3, seconds=24 * 3600)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    # Another copy than request.user, so that a refused name is not shown in the header.
    form = ProfileForm(request.POST or None, instance=get_object_or_404(CustomUser, pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your changes have been saved."))
        return redirect("users:profile")
    context = {"form": form, "newsletter": newsletter.state_of(email=form.instance.email)}
    return render(request, "users/profile.html", context)


@never_cache
@login_required
@require_safe
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Where staff come who need a second factor first, and again with one, to go on to where they wanted."""
    user = get_object_or_404(CustomUser, pk=request.user.pk)
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        request.session[WANTED_STAFF_PAGE] = wanted
    if not user.is_staff:
        raise PermissionDenied("This account is not for staff.")
    if not user.acts_as_staff:
        return render(request, "users/second_factor_needed.html")
    return redirect(request.session.pop(WANTED_STAFF_PAGE, "admin:index"))


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    found = UserSession.objects.purge_and_list(request.user)
    this_first = sorted(found, key=lambda session: (session.is_current(), session.last_seen_at), reverse=True)
    return render(request, "users/sessions.html", {"sessions": this_first})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else's session, and one that has ended meanwhile, are not found."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        return redirect("account_logout")
    session.end()
    messages.success(request, _("That browser is logged out."))
    return redirect("users:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    for session in UserSession.objects.filter(user=request.user):
        if not session.is_current():
            session.end()
    messages.success(request, _("You are logged out everywhere but here."))
    return redirect("users:sessions")


@never_cache
@login_required
@require_POST
def newsletter_choice(request: HttpRequest) -> HttpResponse:
    """Leaving takes effect at once; whoever joins gets the mail that everybody gets, and confirms by its link."""
    email = cast("CustomUser", request.user).email
    match request.POST.get("newsletter"):
        case "no":
            newsletter.unsubscribe_address(email=email)
            messages.success(request, _("You will get no more newsletters."))
        case "yes":
            _ask_for_newsletter(request, email)
    return redirect("users:profile")


def _ask_for_newsletter(request: HttpRequest, email: str) -> None:
    try:
        rate_limits.count(NEWSLETTER_LIMIT, email)
    except rate_limits.TooManyRequests:
        messages.error(request, _("We have sent that link several times today. Please look for it in your mails."))
        return
    newsletter.subscribe(email=email)
    messages.info(request, _("Almost there: please follow the link in the mail that we have sent you."))
