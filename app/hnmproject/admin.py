"""The admin site: its name, its login, and (with its template) its start page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

_BELONGS_TO = {"auth": "users", "admin": "users", "account": "users", "django_celery_beat": "tasks"}
_ORDER = {label: place for place, label in enumerate(["ecommerce", "core", "users", "tasks"])}


class ShopAdminSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("Today")
    empty_value_display = "–"

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send everyone to the one login page of the site, which confirms addresses and limits attempts."""
        wanted = _wanted_page(request)
        user: Any = request.user
        if self.has_permission(request):
            return redirect(wanted)
        if user.is_staff:
            needed = reverse("users:second_factor_needed")
            return redirect(f"{needed}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
        if user.is_authenticated:
            # Not to the login page: it would send them back here, and so on.
            raise PermissionDenied("This account is not for the admin.")
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return super().has_permission(request) and user.acts_as_staff

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """In the order of daily work, and with the models of small apps beside those that they belong to."""
        apps = {app["app_label"]: app for app in super().get_app_list(request, app_label)}
        for label, home in {} if app_label else _BELONGS_TO.items():
            if label in apps and home in apps:
                apps[home]["models"] += apps.pop(label)["models"]
        return sorted(apps.values(), key=lambda app: _ORDER.get(app["app_label"], len(_ORDER)))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from hnmproject import dashboard  # the models are not there yet when the site is made

        figures = dashboard.figures(request.user)
        return super().index(request, {**(extra_context or {}), "figures": figures})


def _wanted_page(request: HttpRequest) -> str:
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted != request.path else reverse("admin:index")
