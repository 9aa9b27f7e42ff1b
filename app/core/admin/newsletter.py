from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin
from core.models import NewsletterSubscription
from core.services import newsletter

from . import log


@admin.register(NewsletterSubscription)
class NewsletterSubscriptionAdmin(AnyModelAdmin):
    list_display = ["email", "state", "created", "confirmed_at", "unsubscribed_at"]
    list_filter = ["state", "created"]
    date_hierarchy = "created"
    search_fields = ["email"]
    search_help_text = _("Part of the address.")
    # Only whoever reads the mailbox may confirm; what staff may do is an action.
    readonly_fields = ["email", "state", "created", "confirmed_at", "unsubscribed_at"]
    fields = ["email", "state", "created", "confirmed_at", "unsubscribed_at"]
    actions = ["export", "unsubscribe"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Export the confirmed ones as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[NewsletterSubscription]) -> StreamingHttpResponse:
        confirmed = queryset.filter(state=NewsletterSubscription.State.CONFIRMED).order_by("email")
        log.exported(request, confirmed)
        response = StreamingHttpResponse(_csv(confirmed), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="newsletter-{timezone.localdate():%Y-%m-%d}.csv"'
        return response

    @admin.action(description=_("Unsubscribe, as they asked us to"), permissions=["change"])
    def unsubscribe(self, request: HttpRequest, queryset: QuerySet[NewsletterSubscription]) -> None:
        for subscription in queryset.exclude(state=NewsletterSubscription.State.UNSUBSCRIBED):
            self.log_change(request, subscription, gettext("Unsubscribed."))
        count = newsletter.unsubscribe_all(queryset)
        message = ngettext("%d address unsubscribed.", "%d addresses unsubscribed.", count) % count
        self.message_user(request, message, messages.SUCCESS)


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(subscriptions: QuerySet[NewsletterSubscription]) -> Iterator[Any]:
    writer = csv.writer(_Line())
    yield writer.writerow(["email", "confirmed"])
    for subscription in subscriptions.iterator(chunk_size=1000):
        yield writer.writerow(_safe([subscription.email, _moment(subscription)]))


def _moment(subscription: NewsletterSubscription) -> str:
    return subscription.confirmed_at.isoformat(timespec="seconds") if subscription.confirmed_at else ""


def _safe(cells: Iterable[str]) -> list[str]:
    """An address may begin like a formula, which a spreadsheet would run."""
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in cells]
