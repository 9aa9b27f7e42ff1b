"""The blog as RSS and Atom. Addresses come from SITE_URL, and a reader that has the newest version gets 304."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core import languages
from core.models import BlogPost
from core.selectors import published_posts
from core.site_address import absolute

FeedKind = type[Rss201rev2Feed] | type[Atom1Feed]

ENTRIES = 20
READERS_KEEP_SECONDS = 600


@require_safe
def rss(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, Rss201rev2Feed)


@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, Atom1Feed)


def _answer(request: HttpRequest, kind: FeedKind) -> HttpResponseBase:
    posts: list[BlogPost] = list(published_posts().prefetch_related("tags")[:ENTRIES])
    etag, changed = _etag(kind, posts), _last_change(posts)
    # A reader keeps one feed for everybody who subscribes, so it is in the language of the posts.
    with languages.speaking(settings.LANGUAGE_CODE):
        body = _feed(request, kind, posts).writeString("utf-8")
    response = HttpResponse(body, content_type=kind.content_type)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed.timestamp())
    patch_cache_control(response, public=True, max_age=READERS_KEEP_SECONDS)
    # It compares, and answers 304 (or 412) with the headers above where the reader has this version.
    return get_conditional_response(request, etag, int(changed.timestamp()), response) or response


def _feed(request: HttpRequest, kind: FeedKind, posts: list[BlogPost]) -> SyndicationFeed:
    feed = kind(
        title=gettext("%(site)s – blog") % {"site": settings.SITE_NAME},
        link=absolute(reverse("core:blog_list")),
        description=gettext("New posts of %(site)s.") % {"site": settings.SITE_NAME},
        language=settings.LANGUAGE_CODE,
        feed_url=absolute(request.path),
    )
    for post in posts:
        feed.add_item(
            title=post.title,
            link=absolute(post.get_absolute_url()),
            description=post.summary,
            author_name=post.byline,
            pubdate=post.activate_date,
            updateddate=post.modified,
            categories=[tag.name for tag in post.tags.all()],
        )
    return feed


def _etag(kind: FeedKind, posts: list[BlogPost]) -> str:
    state = [kind.__name__, settings.SITE_NAME, *(f"{post.pk}:{post.modified.isoformat()}" for post in posts)]
    return quote_etag(hashlib.sha256("|".join(state).encode()).hexdigest()[:32])


def _last_change(posts: list[BlogPost]) -> datetime:
    """A scheduled post appears at its date without being modified then, so both dates count."""
    dates = [max(post.modified, post.activate_date or post.modified) for post in posts]
    return max(dates, default=datetime(2026, 1, 1, tzinfo=UTC))
