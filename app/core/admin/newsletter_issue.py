from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.models import Newsletter
from core.services import newsletter_issues
from core.services.newsletter_issues import NewsletterError

from .richtext import RichTextAdmin


@admin.register(Newsletter)
class NewsletterAdmin(RichTextAdmin):
    """Written here, tried on oneself, and then sent to everybody, once."""

    list_display = ["subject", "state", "recipients", "sent_at", "modified"]
    list_filter = ["state"]
    search_fields = ["subject", "body"]
    fields = ["subject", "body", "state", "recipients", "sent_at"]
    readonly_fields = ["state", "recipients", "sent_at"]

    change_form_template = "core/admin/newsletter.html"

    def has_change_permission(self, request: HttpRequest, obj: Newsletter | None = None) -> bool:
        """What has been sent is what it is."""
        return (obj is None or obj.state == Newsletter.State.DRAFT) and super().has_change_permission(request, obj)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("core.send_newsletter")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/test/", view(require_POST(self.test_view)), name="core_newsletter_test"),
            path("<int:pk>/send/", view(_asking(self.send_view)), name="core_newsletter_send"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        issue = self.get_object(request, object_id)
        may_send = issue is not None and issue.state == Newsletter.State.DRAFT and self.has_send_permission(request)
        more = {"may_send": may_send, "issue": issue}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the one who asks, and nobody else."""
        issue = self._to_send(request, pk)
        to: str = request.user.email  # type: ignore[union-attr]  # the admin's pages are behind a login
        newsletter_issues.send_test(issue=issue, to=to)
        text = gettext("A test is on its way to %s.") % to
        self.log_change(request, issue, gettext("A test was sent to %s.") % to)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(issue.get_absolute_url())

    def send_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then do it; then the page on which one sees how far it is."""
        issue = self._to_send(request, pk)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": gettext("Send the newsletter"),
                "issue": issue,
                "readers": newsletter_issues.readers(),
            }
            return render(request, "core/admin/newsletter_send.html", context)
        try:
            issue = newsletter_issues.send(issue=issue, by=request.user)
        except NewsletterError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(issue.get_absolute_url())
        self.log_change(request, issue, gettext("Sent to everybody."))
        return HttpResponseRedirect(issue.job.get_absolute_url() if issue.job else reverse("admin:index"))

    def _to_send(self, request: HttpRequest, pk: int) -> Newsletter:
        if not self.has_send_permission(request) or not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Newsletter, pk=pk)


_asking = require_http_methods(["GET", "HEAD", "POST"])
