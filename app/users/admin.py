from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin, AnyUserAdmin, AnyUserChangeForm, AnyUserCreationForm
from users import log_admin
from users.models import CustomUser
from users.services import accounts

__all__ = ["CustomUserAdmin", "EmailAddressAdmin", "RoleAdmin", "log_admin"]

# What makes somebody more than a customer: for superusers alone, or staff who may edit accounts would help themselves.
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
VERIFIED = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)


class NewUserForm(AnyUserCreationForm):
    class Meta:
        model = CustomUser
        fields = ("email",)


class ChangedUserForm(AnyUserChangeForm):
    class Meta:
        model = CustomUser
        fields = "__all__"


class VerifiedFilter(admin.SimpleListFilter):
    title = _("confirmed address")
    parameter_name = "verified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CustomUser]) -> QuerySet[CustomUser]:
        match self.value():
            case "yes":
                return queryset.filter(Exists(VERIFIED))
            case "no":
                return queryset.exclude(Exists(VERIFIED))
            case _:
                return queryset


@admin.register(CustomUser)
class CustomUserAdmin(AnyUserAdmin):
    form = ChangedUserForm
    add_form = NewUserForm
    list_display = ["email", "full_name", "is_verified", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_staff", "is_superuser", "is_active", VerifiedFilter, "groups", "date_joined"]
    date_hierarchy = "date_joined"
    search_fields = ["email", "first_name", "last_name"]
    search_help_text = _("Address or name.")
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Name"), {"fields": [("first_name", "last_name")]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": [("date_joined", "last_login")]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "usable_password", "password1", "password2"],
                "description": _("The address counts as confirmed. Groups and the staff status come on the next page."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomUser]:
        users: QuerySet[CustomUser] = super().get_queryset(request)
        return users.annotate(is_verified=Exists(VERIFIED))

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, user: CustomUser) -> str:
        return user.get_full_name()

    @admin.display(description=_("confirmed"), boolean=True, ordering="is_verified")
    def is_verified(self, user: Any) -> bool:
        return bool(user.is_verified)

    def get_fieldsets(self, request: HttpRequest, obj: CustomUser | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        # Whoever may only look need not see how the password is stored.
        return [(None, {"fields": ["email"]}), *list(fieldsets)[1:]]

    def get_readonly_fields(self, request: HttpRequest, obj: CustomUser | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        return _is_below(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        """Whoever has done something as staff is made inactive and not deleted: with them, the log would lose it."""
        if obj is not None and LogEntry.objects.filter(user=obj).exists():
            return False
        return _is_below(request, obj) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: CustomUser, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            accounts.vouch_for_address(obj)


def _is_below(request: HttpRequest, user: CustomUser | None) -> bool:
    """Staff and superusers are for superusers: with another's address or password one has what they may."""
    return user is None or request.user.is_superuser or not (user.is_staff or user.is_superuser)


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """To look at for whoever may. Only superusers change one: others would give their own group what it lacks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser


admin.site.unregister(EmailAddress)
admin.site.unregister(UserSession)  # whoever sees the key of a session can take it over
admin.site.unregister(Authenticator)  # its page shows the secret of the app, with which anybody can make the codes


@admin.register(EmailAddress)
class EmailAddressAdmin(AnyModelAdmin):
    """To look at. An address is changed on its user, or by its owner: here one could take over another's account."""

    list_display = ["email", "user", "verified", "primary", "waits_to_replace"]
    list_filter = ["verified", "primary"]
    list_select_related = ["user"]
    search_fields = ["email", "user__email", "user__first_name", "user__last_name"]
    ordering = ["email"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        addresses: QuerySet[Any] = super().get_queryset(request).annotate(login=F("user__email"))
        return addresses

    @admin.display(description=_("waits to replace"))
    def waits_to_replace(self, address: Any) -> str:
        return "" if address.email == address.login else address.login

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: EmailAddress | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: EmailAddress | None = None) -> bool:
        return (obj is None or _is_below(request, obj.user)) and super().has_delete_permission(request, obj)
