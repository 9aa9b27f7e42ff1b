"""A copy of one's data, and the end of an account."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from users.models import AccountDeletion, CustomUser
from users.services import deletion, personal_data


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    context = {"copy": personal_data.latest(user=user), "deletion": _deletion_of(user)}
    return render(request, "users/privacy.html", context)


@never_cache
@login_required
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def copy(request: HttpRequest) -> HttpResponse:
    return redirect(personal_data.ask(user=_user(request)))


@never_cache
@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Say what will happen, and ask whether it is meant; note it at the POST."""
    user = _user(request)
    if request.method == "POST" and request.POST.get("understood"):
        try:
            noted = deletion.request(user=user)
        except deletion.StaffAccountError:
            return _delete_page(request, error=_("This is an account of staff: ask an administrator first."))
        done = _("Your account will be deleted on %(day)s. Until then you can keep it.")
        messages.success(request, done % {"day": date_format(noted.due, "DATE_FORMAT")})
        return redirect("users:privacy")
    error = _("Please tick the box first: nothing has been deleted.") if request.method == "POST" else ""
    return _delete_page(request, error=error)


def _delete_page(request: HttpRequest, *, error: str) -> HttpResponse:
    context = {"error": error, "days": deletion.days(), "years": deletion.years_of_invoices()}
    return render(request, "users/account_delete.html", context, status=400 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, token: UUID) -> HttpResponse:
    """From the mail, whoever is logged in: the link is the proof. A GET changes nothing: mail scanners open links."""
    found = AccountDeletion.objects.filter(token=token).select_related("user").first()
    if found is not None and request.method == "POST":
        deletion.take_back(deletion=found)
        messages.success(request, _("Your account stays."))
        return redirect("users:profile")
    return render(request, "users/account_keep.html", {"deletion": found}, status=200 if found else 404)


def _deletion_of(user: CustomUser) -> AccountDeletion | None:
    return AccountDeletion.objects.filter(user=user).first()


def _user(request: HttpRequest) -> CustomUser:
    assert isinstance(request.user, CustomUser)  # noqa: S101  # login_required has seen to it
    return request.user
