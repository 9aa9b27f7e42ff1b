"""Pages that bring the apps together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from core import selectors as core_selectors
from core import structured_data
from core.public_pages import public_page
from ecommerce import selectors as shop_selectors

PRODUCTS = 8
POSTS = 3
TESTIMONIALS = 3


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The front page. Four queries, whatever there is to show."""
    context = {
        "products": shop_selectors.featured_products(limit=PRODUCTS),
        "posts": core_selectors.latest_posts(POSTS),
        "testimonials": core_selectors.testimonials(TESTIMONIALS),
        "structured_data": structured_data.website(),
    }
    return render(request, "home.html", context)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask here for the icon of what is no HTML page, a feed for example."""
    return redirect(static("favicon.ico"))
