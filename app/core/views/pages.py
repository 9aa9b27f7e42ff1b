from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import structured_data
from core.models import Page
from core.public_pages import public_page
from core.views.preview import previewable, private, visible_or_404


@require_safe
@public_page
@previewable
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Page, slug=slug)
    preview = visible_or_404(request, found)
    trail = structured_data.breadcrumbs([(found.title, found.get_absolute_url())])
    context = {"page": found, "preview": preview, "structured_data": trail}
    response = render(request, "core/page.html", context)
    return private(response) if preview else response
