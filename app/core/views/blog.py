from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import selectors, structured_data
from core.models import BlogPost, PublishableQuerySet, Tag
from core.public_pages import public_page
from core.views.preview import previewable, private, visible_or_404

LAST_SEARCH_PAGE = 50


@require_safe
@public_page
def post_list(request: HttpRequest) -> HttpResponse:
    if query := request.GET.get("q", "").strip()[:100]:
        return _search(request, query)
    return _list(request, selectors.published_posts(), heading=_("Blog"), is_start=True)


@require_safe
@public_page
def archive(request: HttpRequest, year: int) -> HttpResponse:
    if year not in selectors.blog_years():
        raise Http404(f"No posts of {year}.")
    posts = selectors.published_posts().filter(activate_date__year=year)
    return _list(request, posts, heading=_("Posts of %(year)s") % {"year": year}, current_year=year)


@require_safe
@public_page
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    posts = selectors.published_posts().filter(tags=found)
    return _list(request, posts, heading=_("Posts about %(topic)s") % {"topic": found.name}, current_tag=found)


@require_safe
@public_page
@previewable
def post(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(BlogPost.objects.select_related("author").prefetch_related("tags"), slug=slug)
    preview = visible_or_404(request, found)
    older, newer = selectors.neighbours(found)
    context = {
        "post": found,
        "older": older,
        "newer": newer,
        "preview": preview,
        "structured_data": structured_data.blog_post(found),
    }
    response = render(request, "core/blog_post.html", context)
    return private(response) if preview else response


def _list(request: HttpRequest, posts: PublishableQuerySet, **context: Any) -> HttpResponse:
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    try:
        page = selectors.post_page(posts, before=before, after=after)
    except selectors.BadCursor as error:
        raise Http404("No such place in the list.") from error
    context |= {"page": page, "posts": page.posts, "is_first": not (before or after)}
    return render(request, "core/blog_list.html", _with_navigation(context))


def _search(request: HttpRequest, query: str) -> HttpResponse:
    page = _page_number(request)
    posts, has_more = selectors.search_posts(query, page=page)
    context = {
        "heading": _("Posts about “%(words)s”") % {"words": query},
        "query": query,
        "posts": posts,
        "previous_page": page - 1,
        "next_page": page + 1 if has_more and page < LAST_SEARCH_PAGE else None,
    }
    return render(request, "core/blog_list.html", _with_navigation(context))


def _with_navigation(context: dict[str, Any]) -> dict[str, Any]:
    return {"tags": selectors.blog_tags(), "years": selectors.blog_years(), **context}


def _page_number(request: HttpRequest) -> int:
    try:
        number = int(request.GET.get("page", 1))
    except ValueError:
        number = 0
    if not 1 <= number <= LAST_SEARCH_PAGE:
        raise Http404("No such page of results.")
    return number
