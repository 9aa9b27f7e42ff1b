"""Jobs for staff to watch, retry and cancel. Nobody makes or changes one by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename, get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tasks import schedule_admin, subjects, watching
from tasks.models import Job, Process
from tasks.services import jobs, registry

if TYPE_CHECKING:
    JobModelAdmin = admin.ModelAdmin[Job]
    ProcessModelAdmin = admin.ModelAdmin[Process]
else:
    JobModelAdmin = admin.ModelAdmin
    ProcessModelAdmin = admin.ModelAdmin


__all__ = ["JobAdmin", "ProcessAdmin", "schedule_admin"]

ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


@admin.register(Job)
class JobAdmin(JobModelAdmin):
    list_display = ["pk", "kind", "state_badge", "attempts", "progress", "created", "finished", "queue", "owner"]
    list_display_links = ["pk", "kind"]
    list_filter = ["state", "queue", "kind"]
    list_select_related = ["owner"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["=pk", "kind", "key", "owner__email", "=request_id", "error"]
    search_help_text = _("Number, kind, key, owner's e-mail address, request id or words of the error.")
    date_hierarchy = "created"
    actions = ["retry_selected", "cancel_selected"]
    change_form_template = "tasks/admin/job.html"
    change_list_template = "tasks/admin/job_list.html"
    fieldsets = [
        (None, {"fields": ["kind", "state_badge", "progress", "owner", "key", "queue"]}),
        (_("How it went"), {"fields": ["attempts", "worker", "result_text", "error_text"]}),
        (_("When"), {"fields": ["created", "run_after", "sent_at", "started", "finished", "lease_until"]}),
        (_("What was asked"), {"fields": ["request_id", "arguments_text"]}),
    ]

    class Media:
        css = {"all": ["tasks/admin.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Job | None = None) -> Any:
        """Without private arguments: a mail that waits may hold the link that resets another's password."""
        (first, options), *others, (last, more) = self.fieldsets
        if not _may_see_people(request):
            options = {"fields": [name for name in options["fields"] if name != "owner"]}
        if obj is not None and registry.is_private(obj.kind) and not request.user.is_superuser:
            more = {"fields": ["request_id"]}
        return [(first, options), *others, (last, more)]

    def get_list_display(self, request: HttpRequest) -> Any:
        return [name for name in self.list_display if name != "owner" or _may_see_people(request)]

    def get_search_fields(self, request: HttpRequest) -> Any:
        return [name for name in self.search_fields if name != "owner__email" or _may_see_people(request)]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Job | None:
        """Without addresses for whoever may not see accounts: a mail server's refusal names the mailbox."""
        job = super().get_object(request, object_id, from_field)
        if job is not None and not _may_see_people(request):
            _leave_out_people(job)
        return job

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return (obj is None or obj.is_finished) and super().has_delete_permission(request, obj)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tasks.retry_job")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tasks.cancel_job")

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, job: Job) -> SafeString:
        text = gettext("running, asked to stop") if job.is_stopping else job.get_state_display()
        return format_html('<span class="job-state job-state--{}">{}</span>', job.state, text)

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> SafeString | str:
        """Leads to the page where it moves by itself."""
        if not job.progress_current and not job.progress_message:
            text = gettext("follow") if not job.is_finished else "–"
        else:
            count = f"{job.progress_current}/{job.progress_total}" if job.progress_total else f"{job.progress_current}"
            text = f"{count} {job.progress_message}".strip()
        return format_html('<a href="{}">{}</a>', job.get_absolute_url(), text)

    @admin.display(description=_("error"))
    def error_text(self, job: Job) -> SafeString | str:
        return _preformatted(job.error)

    @admin.display(description=_("result"))
    def result_text(self, job: Job) -> SafeString | str:
        return _preformatted("" if job.result is None else _json(job.result))

    @admin.display(description=_("arguments"))
    def arguments_text(self, job: Job) -> SafeString | str:
        return _preformatted(_json(job.arguments))

    @admin.action(description=_("Retry the selected jobs"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._apply(request, queryset, jobs.retry, gettext("Retried."))

    @admin.action(description=_("Cancel the selected jobs"), permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._apply(request, queryset, jobs.cancel, gettext("Cancelled."))

    def get_urls(self) -> list[URLPattern]:
        retry = self.admin_site.admin_view(require_POST(self.retry_view))
        cancel = self.admin_site.admin_view(require_POST(self.cancel_view))
        own = [
            path("<int:pk>/retry/", retry, name="tasks_job_retry"),
            path("<int:pk>/cancel/", cancel, name="tasks_job_cancel"),
        ]
        return own + super().get_urls()

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_retry_permission(request):
            raise PermissionDenied
        return self._apply_to_one(request, pk, jobs.retry, gettext("Retried."))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_cancel_permission(request):
            raise PermissionDenied
        return self._apply_to_one(request, pk, jobs.cancel, gettext("Cancelled."))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        job = self.get_object(request, object_id)
        may = {
            "may_retry": job is not None
            and job.state in (Job.State.FAILED, Job.State.CANCELLED)
            and self.has_retry_permission(request),
            "may_cancel": job is not None and not job.is_finished and self.has_cancel_permission(request),
        }
        links = {"links": [] if job is None else _links(request, job, self.admin_site)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may, **links})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "flower_url": watching.address(request)})

    def _apply_to_one(self, request: HttpRequest, pk: int, service: Callable[..., None], text: str) -> HttpResponse:
        job = get_object_or_404(Job, pk=pk)
        self._apply(request, [job], service, text)
        return HttpResponseRedirect(reverse("admin:tasks_job_change", args=[pk]))

    def _apply(
        self, request: HttpRequest, chosen: QuerySet[Job] | list[Job], service: Callable[..., None], text: str
    ) -> None:
        applied = 0
        for job in chosen:
            try:
                service(job=job)
                self.log_change(request, job, text)
                applied += 1
            except jobs.WrongState as error:
                self.message_user(request, str(error), messages.WARNING)
        if applied:
            done = ngettext("%(count)d job: done as asked.", "%(count)d jobs: done as asked.", applied)
            self.message_user(request, done % {"count": applied}, messages.SUCCESS)


@admin.register(Process)
class ProcessAdmin(ProcessModelAdmin):
    """Who lives: to look at, for whoever may look at jobs."""

    list_display = ["name", "role", "queues", "release", "started", "seen"]
    list_filter = ["role", "seen"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Process | None = None) -> bool:
        return request.user.has_perm("tasks.view_job")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Process | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Process | None = None) -> bool:
        return False


def _may_see_people(request: HttpRequest) -> bool:
    options = get_user_model()._meta  # noqa: SLF001  # documented by Django
    return request.user.has_perm(f"{options.app_label}.{get_permission_codename('view', options)}")


def _leave_out_people(job: Job) -> None:
    """In the object alone, which nobody saves: a job is not edited."""
    job.error = ADDRESS.sub("…@…", job.error)
    job.progress_message = ADDRESS.sub("…@…", job.progress_message)
    job.key = ADDRESS.sub("…@…", job.key) if job.key else job.key
    job.arguments = json.loads(ADDRESS.sub("…@…", json.dumps(job.arguments, ensure_ascii=False)))
    job.result = json.loads(ADDRESS.sub("…@…", json.dumps(job.result, ensure_ascii=False)))


def _links(request: HttpRequest, job: Job, site: admin.AdminSite) -> list[tuple[str, str]]:
    """Where this person finds more: what the job is about, and the worker that did it, as label and address."""
    is_private = registry.is_private(job.kind) and not request.user.is_superuser
    subject = None if is_private else subjects.subject_of(job)
    links = []
    if subject is not None:
        subject = subjects.shown(subject, site=site)
    if subject is not None and (url := subjects.admin_address(subject, site=site, request=request)):
        links.append((subjects.described(subject), url))
    if job.worker and (url := watching.address(request, worker=job.worker)):
        links.append((gettext("Its worker in Flower"), url))
    return links


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _preformatted(text: str) -> SafeString | str:
    return format_html('<pre class="job-text">{}</pre>', text) if text else "–"
