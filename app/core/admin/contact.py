from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin, AnyModelForm
from core.models import ContactMessage
from core.services import inbox


class HandledFilter(admin.SimpleListFilter):
    title = _("handled")
    parameter_name = "handled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Open")), ("yes", _("Handled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ContactMessage]) -> QuerySet[ContactMessage]:
        if self.value() is None:
            return queryset
        return queryset.filter(handled_at__isnull=self.value() == "no")


class ContactMessageForm(AnyModelForm):
    handled = forms.BooleanField(
        label=_("Handled"),
        required=False,
        help_text=_("Tick it once somebody has answered: it leaves the list of open ones."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handled"].initial = self.instance.handled_at is not None


@admin.register(ContactMessage)
class ContactMessageAdmin(AnyModelAdmin):
    form = ContactMessageForm
    list_display = ["subject", "name", "reply", "created", "handling"]
    list_filter = [HandledFilter, "created"]
    list_select_related = ["handled_by"]
    date_hierarchy = "created"
    search_fields = ["subject", "name", "email", "message"]
    readonly_fields = ["name", "reply", "subject", "message", "created", "handled_at", "handled_by"]
    fieldsets = [
        (None, {"fields": ["subject", "message", "name", "reply", "created"]}),
    ]
    actions = ["mark_handled", "reopen"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: ContactMessage | None = None) -> Any:
        # "handled" is a field of the form alone, which a reader does not get.
        fields = ["handled"] if self.has_change_permission(request, obj) else []
        if obj is not None and obj.handled_at is not None:
            fields += ["handled_at", "handled_by"]
        return [*(self.fieldsets or []), (_("Handling"), {"fields": fields})]

    @admin.display(description=_("e-mail"), ordering="email")
    def reply(self, message: ContactMessage) -> SafeString:
        """Its address, which opens an answer in the mail program."""
        subject = message.subject if message.subject.lower().startswith("re:") else f"Re: {message.subject}"
        address = f"mailto:{quote(message.email)}?subject={quote(subject)}"
        return format_html('<a href="{}">{}</a>', address, message.email)

    @admin.display(description=_("handled"), ordering="handled_at")
    def handling(self, message: ContactMessage) -> SafeString | str:
        if message.handled_at is None:
            return format_html('<span class="state state--low">{}</span>', _("Open"))
        return str(message.handled_by or _("Handled"))

    def save_model(self, request: HttpRequest, obj: ContactMessage, form: Any, change: bool) -> None:
        """Nothing of the message itself can change: only whether it is handled."""
        this = ContactMessage.objects.filter(pk=obj.pk)
        if form.cleaned_data["handled"]:
            inbox.mark_handled(this, by=request.user)  # type: ignore[arg-type]  # the admin is for people logged in
        else:
            inbox.reopen(this)

    @admin.action(description=_("Mark as handled"), permissions=["change"])
    def mark_handled(self, request: HttpRequest, queryset: QuerySet[ContactMessage]) -> None:
        self._log_each(request, queryset.filter(handled_at__isnull=True), gettext("Handled."))
        count = inbox.mark_handled(queryset, by=request.user)  # type: ignore[arg-type]
        message = ngettext("%d message marked as handled.", "%d messages marked as handled.", count) % count
        self.message_user(request, message, messages.SUCCESS)

    @admin.action(description=_("Open again"), permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[ContactMessage]) -> None:
        self._log_each(request, queryset.filter(handled_at__isnull=False), gettext("Opened again."))
        count = inbox.reopen(queryset)
        message = ngettext("%d message is open again.", "%d messages are open again.", count) % count
        self.message_user(request, message, messages.SUCCESS)

    def _log_each(self, request: HttpRequest, queryset: QuerySet[ContactMessage], text: str) -> None:
        for message in queryset:
            self.log_change(request, message, text)
