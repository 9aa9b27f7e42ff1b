from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.site_address import absolute

# Pages of one person, or without end. The list is no secret keeping: each of them protects itself.
NOT_FOR_ROBOTS = ("/admin/", "/accounts/", "/newsletter/", "/shop/search/", "/blog/?q=")


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS),
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
