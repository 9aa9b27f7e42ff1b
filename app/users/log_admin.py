"""The admin's log: who has done what. To read, for superusers alone.

Operators do not see it, for it names orders and buyers; the jobs say what the machinery did.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin
from users.models import CustomUser


class PersonFilter(admin.SimpleListFilter):
    """Those who have done something, and not every customer."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        people = CustomUser.objects.filter(Exists(LogEntry.objects.filter(user=OuterRef("pk")))).order_by("email")
        return [(str(person.pk), person.email) for person in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        value = self.value() or ""
        return queryset.filter(user=int(value)) if value.isascii() and value.isdigit() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind of thing")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        known = ContentType.objects.get_for_models(*admin.site._registry)  # noqa: SLF001  # there is no other way
        return sorted(((str(kind.pk), kind.name) for kind in known.values()), key=lambda choice: choice[1].casefold())

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        value = self.value() or ""
        return queryset.filter(content_type=int(value)) if value.isascii() and value.isdigit() else queryset


@admin.register(LogEntry)
class LogEntryAdmin(AnyModelAdmin):
    list_display = ["action_time", "user", "thing", "kind", "done", "message"]
    list_display_links = ["action_time"]
    list_filter = ["action_flag", PersonFilter, KindFilter]
    list_select_related = ["user", "content_type"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "action_time"
    search_fields = ["object_repr", "change_message", "user__email"]
    search_help_text = _("Name of the thing, words of what was done, or e-mail address of who did it.")
    fields = ["action_time", "user", "thing", "kind", "done", "message"]
    readonly_fields = ("action_time", "user", "thing", "kind", "done", "message")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    @admin.display(description=_("what"), ordering="object_repr")
    def thing(self, entry: LogEntry) -> SafeString | str:
        """Leads to it, while it is there."""
        url = None if entry.is_deletion() else entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr

    @admin.display(description=_("kind"), ordering="content_type")
    def kind(self, entry: LogEntry) -> str:
        return entry.content_type.name if entry.content_type else ""

    @admin.display(description=_("done"), ordering="action_flag")
    def done(self, entry: LogEntry) -> str:
        return entry.get_action_flag_display()

    @admin.display(description=_("message"))
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message()
