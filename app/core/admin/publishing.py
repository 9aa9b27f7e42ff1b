"""What the admin of everything that can be published shares: its state in the list, a filter, and two actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.generics import AnyModelAdmin
from core.models import PublishableModel
from core.services import previews

PUBLICATION: Any = (
    gettext_lazy("Publication"),
    {"fields": ["status", "activate_date", "deactivate_date"]},
)


class PublicationFilter(admin.SimpleListFilter):
    title = gettext_lazy("publication")
    parameter_name = "publication"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("published", _("Published")),
            ("scheduled", _("Scheduled")),
            ("draft", _("Draft")),
            ("ended", _("Ended")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "published":
                return queryset.published()
            case "scheduled":
                return queryset.scheduled()
            case "draft":
                return queryset.drafts()
            case "ended":
                return queryset.filter(status=PublishableModel.ACTIVE_STATUS, deactivate_date__lte=timezone.now())
            case _:
                return queryset


class PublishableAdmin(AnyModelAdmin):
    actions = ["publish", "unpublish"]
    change_form_template = "core/admin/publishable.html"
    has_page = True  # of its own, and so a preview

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice stands no cross that would delete what is chosen: an author, a category."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def view_on_site(self, thing: Any) -> str | None:
        """What is not published has its preview instead."""
        if not thing.is_published or not thing.slug:  # emptied in a form that is shown again for another error
            return None
        address: str = thing.get_absolute_url()
        return address

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(require_POST(self.preview_view))
        own = [path("<int:pk>/preview/", preview, name=self._preview_name())] if self.has_page else []
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        thing = self.get_object(request, object_id) if self.has_page else None
        is_hidden = thing is not None and not thing.is_published
        url = reverse(f"admin:{self._preview_name()}", args=[thing.pk]) if thing is not None and is_hidden else ""
        return super().change_view(request, object_id, form_url, {"preview_url": url, **(extra_context or {})})

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the page as it will be, at an address that may be passed on to somebody without an account."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        thing = get_object_or_404(self.model, pk=pk)
        if thing.is_published:
            return redirect(thing.get_absolute_url())
        until = previews.new_end()
        self.log_change(request, thing, _("A link to its preview was made, for use until %s.") % _moment(until))
        return redirect(previews.link(thing=thing, until=until))

    def _preview_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_preview"

    @admin.display(description=gettext_lazy("publication"), ordering="activate_date")
    def publication(self, thing: PublishableModel) -> SafeString:
        state, text = _publication(thing)
        return format_html('<span class="state state--{}">{}</span>', state, text)

    @admin.action(description=gettext_lazy("Publish the selected %(verbose_name_plural)s"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        changed = self._switch(request, queryset.drafts(), on=True)  # type: ignore[attr-defined]  # PublishableQuerySet
        scheduled = [thing for thing in changed if not thing.is_published]
        self._say(request, _("%(count)d %(name)s published."), len(changed) - len(scheduled), or_none=not scheduled)
        if scheduled:
            self._say(request, _("%(count)d %(name)s scheduled, as the date lies ahead."), len(scheduled))

    @admin.action(description=gettext_lazy("Unpublish the selected %(verbose_name_plural)s"), permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        published = queryset.filter(status=PublishableModel.ACTIVE_STATUS)
        self._say(request, _("%(count)d %(name)s unpublished."), len(self._switch(request, published, on=False)))

    @transaction.atomic
    def _switch(self, request: HttpRequest, things: QuerySet[Any], *, on: bool) -> list[PublishableModel]:
        """One by one, for each save tells the search index and the caches, and is written into the history."""
        changed = list(things)
        for thing in changed:
            thing.activate() if on else thing.deactivate()
            self.log_change(request, thing, _("Published.") if on else _("Unpublished."))
        return changed

    def _say(self, request: HttpRequest, message: str, count: int, *, or_none: bool = True) -> None:
        if not count and not or_none:
            return
        level = messages.SUCCESS if count else messages.INFO
        self.message_user(request, message % {"count": count, "name": model_ngettext(self.opts, count)}, level)


def _publication(thing: PublishableModel) -> tuple[str, str]:
    if thing.status != thing.ACTIVE_STATUS:
        return "draft", _("Draft")
    if thing.is_published:
        return "published", _("Published")
    if thing.activate_date and thing.activate_date > timezone.now():
        return "scheduled", _("Scheduled for %s") % _moment(thing.activate_date)
    return "ended", _("Ended")


def _moment(date: datetime) -> str:
    return date_format(timezone.localtime(date), "SHORT_DATETIME_FORMAT")
