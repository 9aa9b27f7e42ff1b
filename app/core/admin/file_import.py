"""The admin of an import: upload a file, see what it would do, import it, watch it, stop it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from core.generics import AnyModelAdmin, AnyModelForm
from core.models import FileImport
from core.services.file_imports import Fetched, FileImportError, Importer, Report
from tasks import access
from tasks.models import Job


class UploadForm(AnyModelForm):
    """Its subclass names the importer."""

    importer: ClassVar[Importer[Any, Any]]

    def clean_file(self) -> Any:
        """Read to its end, so that a wrong file is refused here and not by a job some seconds later."""
        file = self.cleaned_data["file"]
        try:
            self.importer.survey(file.file)
        except FileImportError as error:
            raise ValidationError(str(error)) from error
        return file


def file_input(accept: str) -> forms.FileInput:
    return forms.FileInput(attrs={"accept": accept})


@dataclass(frozen=True)
class Figure:
    number: int
    label: str
    is_bad: bool = False  # a number above zero asks for attention


@dataclass(frozen=True)
class Stage:
    """One of the two runs of an import, as its page shows it."""

    job: Job | None
    report: Report | None
    figures: list[Figure]
    notes: list[str]

    @property
    def is_running(self) -> bool:
        return self.job is not None and not self.job.is_finished

    @property
    def has_broken_off(self) -> bool:
        """Failed or cancelled half-way; what it had done by then is reported."""
        return self.job is not None and self.job.state in {Job.State.FAILED, Job.State.CANCELLED}


@dataclass(frozen=True)
class Progress:
    check: Stage
    run: Stage
    fetched: Fetched

    @property
    def may_start(self) -> bool:
        found = self.check.report
        return self.run.job is None and self.run.report is None and bool(found and found.finished and found.taken)

    @property
    def is_running(self) -> bool:
        return self.running_job is not None or not self.fetched.is_finished

    @property
    def running_job(self) -> Job | None:
        """The check or the import itself; where there is none, files are still being fetched, or nothing is done."""
        return next((stage.job for stage in (self.run, self.check) if stage.is_running), None)


def _followed(request: HttpRequest, progress: Progress) -> Job | None:
    """The running job, where this person may watch it live; others see its progress when the page asks anew."""
    job = progress.running_job
    return job if job is not None and access.may_see(user=request.user, job=job) else None


class FileImportAdmin(AnyModelAdmin):
    """A subclass names the importer, who may use it, what the file holds, and how its report reads."""

    importer: ClassVar[Importer[Any, Any]]
    permissions: ClassVar[tuple[str, ...]]
    upload_title: ClassVar[Any]
    upload_help: ClassVar[list[Any]]  # paragraphs
    thing_word: ClassVar[Any]  # the heading over what a problem concerns
    fetched_word: ClassVar[Any] = _("The files")
    content_type: ClassVar[str]  # as which the file can be had back
    result_model: ClassVar[type[Model]]  # what the import fills
    result_word: ClassVar[Any]

    fields = ["file"]
    list_display = ["file_name", "created", "uploaded_by", "state"]
    search_fields = ["file_name"]
    add_form_template = "core/admin/import_upload.html"

    class Media:
        css = {"all": ["core/admin.css"]}

    def figures(self, report: Any, *, done: bool) -> list[Figure]:
        raise NotImplementedError

    def notes(self, report: Any, *, done: bool) -> list[str]:
        raise NotImplementedError

    def start_word(self, report: Any) -> str:
        raise NotImplementedError

    def may_import(self, request: HttpRequest) -> bool:
        return request.user.has_perms(self.permissions)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_import(request)

    def has_view_permission(self, request: HttpRequest, obj: FileImport | None = None) -> bool:
        return self.may_import(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_import(request)

    def has_change_permission(self, request: HttpRequest, obj: FileImport | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FileImport | None = None) -> bool:
        return self.may_import(request) and (obj is None or not self.progress_of(obj).is_running)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # With the jobs, in one statement: a job that ends between two would have no report yet.
        return super().get_queryset(request).select_related("uploaded_by", "check_job", "import_job")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/start/", wrap(require_POST(self.start_view)), name=self._url_name("start")),
            path("<int:pk>/stop/", wrap(require_POST(self.stop_view)), name=self._url_name("stop")),
            path("<int:pk>/file/", wrap(require_safe(self.file_view)), name=self._url_name("file")),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {"title": self.upload_title, "upload_help": self.upload_help, "urls": self._urls()}
        return super().add_view(request, form_url, {**own, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: FileImport, form: Any, change: bool) -> None:
        obj.file_name = str(obj.file.name)[-200:]
        obj.file.name = self.importer.stored_name  # its own name stands beside it; this one is for the disk
        obj.uploaded_by_id = request.user.pk
        super().save_model(request, obj, form, change)
        self.importer.check(record=obj, user=obj.uploaded_by)

    def response_add(self, request: HttpRequest, obj: FileImport, post_url_continue: str | None = None) -> Any:
        return self._to_page(obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page that shows how far it is. Nothing can be changed on it, only started and stopped."""
        if not self.may_import(request):
            raise PermissionDenied
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        return render(request, "core/admin/import.html", self._page(request, record))

    def _page(self, request: HttpRequest, record: FileImport) -> dict[str, Any]:
        progress = self.progress_of(record)
        return {
            **self.admin_site.each_context(request),
            "title": record.file_name,
            "opts": self.opts,
            "original": record,
            "progress": progress,
            "followed_job": _followed(request, progress),
            "start_word": self.start_word(progress.check.report) if progress.may_start else "",
            "thing_word": self.thing_word,
            "fetched_word": self.fetched_word,
            "result_word": self.result_word,
            "urls": self._urls(record.pk),
            "may_delete": self.has_delete_permission(request, record),
            "may_view_jobs": request.user.has_perm("tasks.view_job"),
            "media": self.media,
        }

    def start_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(request, pk)
        try:
            self.importer.begin_checked(record=record, user=request.user)  # type: ignore[arg-type]  # nobody anonymous
        except FileImportError as error:
            self.message_user(request, str(error), messages.WARNING)
        else:
            self.log_change(request, record, gettext("Import started."))
        return self._to_page(pk)

    def stop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(request, pk)
        if self.importer.stop(record):
            self.log_change(request, record, gettext("Import stopped."))
            self.message_user(request, gettext("It stops at its next step."))
        else:
            self.message_user(request, gettext("It had ended already."), messages.WARNING)
        return self._to_page(pk)

    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        record = self._record(request, pk)
        try:
            file = record.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        # As an attachment: whatever is in it, the browser runs nothing of it.
        return FileResponse(file, as_attachment=True, filename=record.file_name, content_type=self.content_type)

    def _record(self, request: HttpRequest, pk: int) -> Any:
        if not self.may_import(request):
            raise PermissionDenied
        return get_object_or_404(self.model, pk=pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for record in queryset:  # one by one, for their files
            record.delete()

    @admin.display(description=_("state"))
    def state(self, record: FileImport) -> SafeString:
        return format_html('<span class="state state--{}">{}</span>', *self._state(record))

    def _state(self, record: FileImport) -> tuple[str, str]:
        job = record.import_job or record.check_job
        if job is not None and not job.is_finished:
            return "scheduled", gettext("Importing") if record.import_job else gettext("Being checked")
        if job is not None and job.state != Job.State.DONE:
            return "none", gettext("Stopped half-way")
        if record.import_report:
            done = self.importer.report.from_json(record.import_report)
            return ("none", gettext("Refused")) if done.refusal else ("published", gettext("Imported"))
        return ("scheduled", gettext("Checked")) if record.check_report else ("draft", gettext("Uploaded"))

    def progress_of(self, record: FileImport) -> Progress:
        return Progress(
            check=self._stage(record.check_job, record.check_report, done=False),
            run=self._stage(record.import_job, record.import_report, done=True),
            fetched=self.importer.fetched(record),
        )

    def _stage(self, job: Job | None, stored: dict[str, Any] | None, *, done: bool) -> Stage:
        if not stored:
            return Stage(job, None, [], [])
        report = self.importer.report.from_json(stored)
        return Stage(job, report, self.figures(report, done=done), self.notes(report, done=done))

    def _url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _urls(self, pk: int | None = None) -> dict[str, str]:
        results = self.result_model._meta  # noqa: SLF001  # public
        urls = {page: reverse(f"admin:{self._url_name(page)}") for page in ("changelist", "add")}
        urls["results"] = reverse(f"admin:{results.app_label}_{results.model_name}_changelist")
        if pk is not None:
            urls |= {
                page: reverse(f"admin:{self._url_name(page)}", args=[pk])
                for page in ("start", "stop", "file", "history", "delete")
            }
        return urls

    def _to_page(self, pk: int) -> HttpResponse:
        return redirect(reverse(f"admin:{self._url_name('change')}", args=[pk]))
