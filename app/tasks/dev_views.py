"""The caught mails, as pages. Included in the addresses only where DEBUG is on."""

from __future__ import annotations

from io import BytesIO

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from tasks import caught_mail
from tasks.caught_mail import CaughtMail

# Whatever a mail contains, it runs nothing; its links open in a window of their own.
MAIL_POLICY = {
    "default-src": [NONE],
    "img-src": ["*", "data:"],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
OPEN_LINKS_OUTSIDE = '<base target="_blank">'
HEAD = "<head>"


@require_GET
def mail_list(request: HttpRequest) -> HttpResponse:
    return render(request, "tasks/dev/mail_list.html", {"mails": caught_mail.newest_first()})


@require_GET
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "tasks/dev/mail.html", {"mail": _mail_or_404(name)})


@require_GET
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[untyped-decorator]  # django-csp has no types
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    html = _mail_or_404(name).html
    if HEAD in html:  # nothing may stand before the doctype: browsers would show the mail by other rules
        return HttpResponse(html.replace(HEAD, HEAD + OPEN_LINKS_OUTSIDE, 1))
    return HttpResponse(OPEN_LINKS_OUTSIDE + html)


@require_GET
def mail_attachment(request: HttpRequest, name: str, number: int) -> FileResponse:
    attachments = _mail_or_404(name).attachments
    if number >= len(attachments):
        raise Http404
    chosen = attachments[number]
    file_name = chosen.name or "attachment"
    return FileResponse(BytesIO(chosen.content), as_attachment=True, filename=file_name, content_type=chosen.mimetype)


@require_POST
def mail_delete_all(request: HttpRequest) -> HttpResponse:
    deleted = caught_mail.delete_all()
    text = ngettext("%(count)d mail deleted.", "%(count)d mails deleted.", deleted)
    messages.success(request, text % {"count": deleted})
    return redirect("dev:mail_list")


def _mail_or_404(name: str) -> CaughtMail:
    found = caught_mail.find(name)
    if found is None:
        raise Http404
    return found
