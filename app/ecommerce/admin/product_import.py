"""Catalogue in: upload a file, see what it would do, import it, watch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from core.generics import AnyModelAdmin, AnyModelForm
from ecommerce.models import ProductImport
from ecommerce.services.errors import ShopError
from ecommerce.services.product_import import outcome, reading, report, runs
from ecommerce.services.product_import.outcome import Pictures
from ecommerce.services.product_import.report import Report
from tasks.models import Job

PERMISSIONS = ("ecommerce.add_product", "ecommerce.change_product")


def may_import(request: HttpRequest) -> bool:
    return request.user.has_perms(PERMISSIONS)


class UploadForm(AnyModelForm):
    class Meta:
        model = ProductImport
        fields = ["file"]
        labels = {"file": _("CSV file")}
        help_texts = {"file": _("As Shopify exports it: Products, Export, “CSV for Excel, Numbers …”.")}
        widgets = {"file": forms.FileInput(attrs={"accept": ".csv,text/csv"})}

    def clean_file(self) -> Any:
        """Read to its end, so that a wrong file is refused here and not by a job some seconds later."""
        file = self.cleaned_data["file"]
        try:
            reading.survey(file.file)
        except ShopError as error:
            raise ValidationError(str(error)) from error
        return file


@dataclass(frozen=True)
class Stage:
    """One of the two runs of an import, as its page shows it."""

    job: Job | None
    report: Report | None

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
    pictures: Pictures

    @property
    def may_start(self) -> bool:
        found = self.check.report
        return self.run.job is None and self.run.report is None and bool(found and found.finished and found.products)

    @property
    def is_running(self) -> bool:
        return self.check.is_running or self.run.is_running or not self.pictures.is_finished


def progress_of(record: ProductImport) -> Progress:
    return Progress(
        check=_stage(record.check_job, record.check_report),
        run=_stage(record.import_job, record.import_report),
        pictures=outcome.pictures(record),
    )


def _stage(job: Job | None, stored: dict[str, Any] | None) -> Stage:
    return Stage(job, report.from_json(stored) if stored else None)


@admin.register(ProductImport)
class ProductImportAdmin(AnyModelAdmin):
    form = UploadForm
    fields = ["file"]
    list_display = ["file_name", "created", "uploaded_by", "state"]
    search_fields = ["file_name"]
    add_form_template = "ecommerce/admin/product_import_upload.html"

    class Media:
        css = {"all": ["ecommerce/admin.css"]}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_import(request)

    def has_view_permission(self, request: HttpRequest, obj: ProductImport | None = None) -> bool:
        return may_import(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_import(request)

    def has_change_permission(self, request: HttpRequest, obj: ProductImport | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ProductImport | None = None) -> bool:
        return may_import(request) and (obj is None or not progress_of(obj).is_running)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductImport]:
        # With the jobs, in one statement: a job that ends between two would have no report yet.
        records: QuerySet[ProductImport] = super().get_queryset(request)
        return records.select_related("uploaded_by", "check_job", "import_job")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/start/", wrap(require_POST(self.start_view)), name="ecommerce_productimport_start"),
            path("<int:pk>/file/", wrap(require_safe(self.file_view)), name="ecommerce_productimport_file"),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, {"title": _("Import products"), **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: ProductImport, form: Any, change: bool) -> None:
        obj.file_name = str(obj.file.name)[-200:]
        obj.file.name = "products.csv"  # its own name stands beside it; this one is for the disk
        obj.uploaded_by_id = request.user.pk
        super().save_model(request, obj, form, change)
        runs.check(record=obj, user=obj.uploaded_by)

    def response_add(self, request: HttpRequest, obj: ProductImport, post_url_continue: str | None = None) -> Any:
        return _to_page(obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page that shows how far it is. Nothing can be changed on it, only started."""
        if not may_import(request):
            raise PermissionDenied
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": record.file_name,
            "opts": self.opts,
            "original": record,
            "progress": progress_of(record),
            "may_delete": self.has_delete_permission(request, record),
            "may_view_jobs": request.user.has_perm("tasks.view_job"),
            "media": self.media,
        }
        return render(request, "ecommerce/admin/product_import.html", context)

    def start_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_import(request):
            raise PermissionDenied
        record = get_object_or_404(ProductImport, pk=pk)
        try:
            runs.begin_checked(record=record, user=request.user)  # type: ignore[arg-type]  # nobody anonymous comes here
        except ShopError as error:
            self.message_user(request, str(error), messages.WARNING)
        else:
            self.log_change(request, record, gettext("Import started."))
        return _to_page(pk)

    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        if not may_import(request):
            raise PermissionDenied
        record = get_object_or_404(ProductImport, pk=pk)
        try:
            file = record.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        # As an attachment and as text: whatever is in it, the browser runs nothing of it.
        return FileResponse(file, as_attachment=True, filename=record.file_name, content_type="text/csv")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ProductImport]) -> None:
        for record in queryset:  # one by one, for their files
            record.delete()

    @admin.display(description=_("state"))
    def state(self, record: ProductImport) -> SafeString:
        return format_html('<span class="state state--{}">{}</span>', *_state(record))


def _state(record: ProductImport) -> tuple[str, str]:
    job = record.import_job or record.check_job
    if job is not None and not job.is_finished:
        return "scheduled", gettext("Importing") if record.import_job else gettext("Being checked")
    if job is not None and job.state != Job.State.DONE:
        return "none", gettext("Stopped half-way")
    if record.import_report:
        done = report.from_json(record.import_report)
        return ("none", gettext("Refused")) if done.refusal else ("published", gettext("Imported"))
    return ("scheduled", gettext("Checked")) if record.check_report else ("draft", gettext("Uploaded"))


def _to_page(pk: int) -> HttpResponse:
    return redirect(reverse("admin:ecommerce_productimport_change", args=[pk]))
