"""A job as its owner watches it: a page, a way to stop it, and its state as JSON."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tasks import access
from tasks.models import Job, JobFile
from tasks.services import jobs, registry, telling


@never_cache
@login_required
@require_safe
def job_page(request: HttpRequest, job_id: int) -> HttpResponse:
    job = _visible(request, job_id)
    context = {"job": job, "may_cancel": _may_cancel(request, job), "file": access.own_file(user=request.user, job=job)}
    return render(request, "tasks/job.html", {**context, **_about(job)})


@never_cache
@login_required
@require_safe
def file_download(request: HttpRequest, job_id: int) -> FileResponse:
    """What the job has made, for its owner alone."""
    made = access.own_file(user=request.user, job=_visible(request, job_id))
    if made is None or not made.content:
        raise Http404("There is no file of this job for this person, or not any more.")
    return FileResponse(_opened(made), as_attachment=True, filename=made.name, content_type=made.content_type)


def _opened(made: JobFile) -> File[bytes]:
    try:
        return made.content.open("rb")
    except FileNotFoundError as error:  # deleted meanwhile
        raise Http404("The file of this job is not there any more.") from error


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_page(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ask whether it is meant; do it at the POST."""
    job = _visible(request, job_id)
    if job.is_finished or job.cancel_requested:
        messages.info(request, _("There was nothing left to stop."))
        return redirect("jobs:job", job_id)
    if not _may_cancel(request, job):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "tasks/job_cancel.html", {"job": job, **_about(job)})
    try:
        jobs.cancel(job=job)
        _log_of_staff(request, job)
    except jobs.WrongState:  # it ended in this very moment
        messages.info(request, _("There was nothing left to stop."))
    return redirect("jobs:job", job_id)


@never_cache
def job_api(request: HttpRequest, job_id: int) -> JsonResponse:
    """The same facts as the socket's. Errors are JSON too, as {"detail": …}."""
    if request.method not in {"GET", "HEAD"}:
        response = _error(HTTPStatus.METHOD_NOT_ALLOWED, _("Only GET is possible here."))
        response["Allow"] = "GET, HEAD"
        return response
    if not request.user.is_authenticated:
        return _error(HTTPStatus.UNAUTHORIZED, _("Log in first."))
    job = access.visible_job(user=request.user, job_id=job_id)
    if job is None:
        return _error(HTTPStatus.NOT_FOUND, _("There is no such job."))
    return JsonResponse(telling.describe(job))


def _error(status: HTTPStatus, detail: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)


def _visible(request: HttpRequest, job_id: int) -> Job:
    job = access.visible_job(user=request.user, job_id=job_id)
    if job is None:
        raise Http404("There is no such job for this person.")
    return job


def _may_cancel(request: HttpRequest, job: Job) -> bool:
    return access.may_cancel(user=request.user, job=job)


def _log_of_staff(request: HttpRequest, job: Job) -> None:
    """As the admin does, where somebody stops what another has asked for."""
    user_id = request.user.pk
    if user_id is not None and job.owner_id != user_id:
        LogEntry.objects.log_actions(
            user_id,
            [job],
            CHANGE,
            change_message=_("Cancelled."),
            single_object=True,
        )


def _about(job: Job) -> dict[str, str]:
    return {
        "title": registry.title_of(job.kind),
        "subject_url": registry.subject_url_of(job),
        # The button of the download stands outside of the part that the script renews.
        "when_ended": "reload" if registry.makes_file(job.kind) else "",
    }
