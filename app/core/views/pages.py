from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core import structured_data
from core.models import Page
from core.public_pages import public_page
from core.views.preview import visible_or_404


@require_safe
@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Page, slug=slug)
    is_preview = visible_or_404(request, found)
    trail = structured_data.breadcrumbs([(found.title, found.get_absolute_url())])
    context = {"page": found, "is_preview": is_preview, "structured_data": trail}
    response = render(request, "core/page.html", context)
    if is_preview:
        patch_cache_control(response, private=True, no_store=True)
    return response
