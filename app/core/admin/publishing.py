"""What the admin of everything that can be published shares: its state in the list, a filter, and two actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.generics import AnyModelAdmin
from core.models import PublishableModel

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

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice stands no cross that would delete what is chosen: an author, a category."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def view_on_site(self, thing: Any) -> str | None:
        """What is not published yet is shown there as a preview, to staff only."""
        if not thing.slug:  # emptied in a form that is shown again for another error
            return None
        address: str = thing.get_absolute_url()
        return address if thing.is_published else f"{address}?preview"

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
    return date_format(timezone.localtime(date), "j M Y, H:i")
