"""What beat sends, and when. django-celery-beat's own page, with its actions behind a permission and in the log.

Operators say when something runs and whether it does. What runs, and with which arguments, is for superusers: whoever
can have any task sent with any arguments can have everything done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import OperationalError

if TYPE_CHECKING:
    EntryForm = forms.ModelForm[PeriodicTask]
else:
    EntryForm = forms.ModelForm

WHEN = ("enabled", "interval", "crontab", "start_time", "one_off")
WHAT = ("name", "description", "task", "args", "kwargs", "queue")

admin.site.unregister(PeriodicTask)


class WhenForm(EntryForm):
    """Without the fields that choose a task, which django-celery-beat's form insists on."""


@admin.register(PeriodicTask)
class ScheduleAdmin(PeriodicTaskAdmin):
    operator_fieldsets = [
        (None, {"fields": ["name", "description", *WHEN, "crontab_translation", "last_run_at"]}),
        (_("What runs"), {"fields": ["task", "args", "kwargs", "queue"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fieldsets(request, obj) if request.user.is_superuser else self.operator_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *WHAT]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if not request.user.is_superuser:
            kwargs["form"] = WhenForm
        return super().get_form(request, obj, change, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    @admin.display(description=_("in words"))
    def crontab_translation(self, entry: Any) -> str:
        return str(entry.crontab.human_readable) if entry.crontab else ""

    @admin.action(description=_("Enable selected tasks"), permissions=["change"])
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._log_each(request, queryset.filter(enabled=False), gettext("Enabled."))
        super().enable_tasks(request, queryset)

    @admin.action(description=_("Disable selected tasks"), permissions=["change"])
    def disable_tasks(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._log_each(request, queryset.filter(enabled=True), gettext("Disabled."))
        super().disable_tasks(request, queryset)

    @admin.action(description=_("Toggle activity of selected tasks"), permissions=["change"])
    def toggle_tasks(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for was_enabled, text in ((True, gettext("Disabled.")), (False, gettext("Enabled."))):
            self._log_each(request, queryset.filter(enabled=was_enabled), text)
        super().toggle_tasks(request, queryset)

    @admin.action(description=_("Run selected tasks"), permissions=["change"])
    def run_tasks(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        try:
            super().run_tasks(request, queryset)
        except OperationalError:
            text = gettext("Redis does not answer, so nothing was sent. Please try again in a moment.")
            self.message_user(request, text, messages.ERROR)
            return
        self._log_each(request, queryset, gettext("Sent by hand."))

    def _log_each(self, request: HttpRequest, entries: QuerySet[Any], text: str) -> None:
        for entry in entries:
            self.log_change(request, entry, text)
