"""Reading the blog, the pages and the testimonials. Everything here returns only what visitors may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from core.models import BlogPost, PublishableQuerySet, Tag, Testimonial
from core.services import caching, search
from core.services.navigation import NavigationLink

PAGE_SIZE = 12
TAGS_KEY = "core:blog-tags:1"
YEARS_KEY = "core:blog-years:1"
SIDE_SECONDS = 300
TAGS_SHOWN = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadCursor(ValueError):  # noqa: N818  # named like the thing it speaks of
    """The mark of a place in the list that no list of ours has given out."""


@dataclass(frozen=True)
class PostPage:
    """Some posts in a row, and the marks from which newer and older ones are read ("" where there are none)."""

    posts: list[BlogPost]
    newer: str = ""
    older: str = ""


def published_posts() -> PublishableQuerySet:
    """For lists: with the author, without the body."""
    return BlogPost.objects.published().select_related("author").defer("body")


def post_page(queryset: PublishableQuerySet, *, before: str = "", after: str = "") -> PostPage:
    """One page of posts, newest first. One query whatever the length of the blog. Raises BadCursor."""
    if after:
        return _page_after(queryset, after)
    if before:
        queryset = queryset.filter(_older_than(*_position(before)))
    rows = list(queryset.order_by("-activate_date", "-pk")[: PAGE_SIZE + 1])
    posts = rows[:PAGE_SIZE]
    return PostPage(
        posts=posts,
        newer=cursor(posts[0]) if before and posts else "",
        older=cursor(posts[-1]) if len(rows) > PAGE_SIZE else "",
    )


def cursor(post: BlogPost) -> str:
    """The mark of the post's place: its publication date in microseconds and its key."""
    if post.activate_date is None:
        raise BadCursor("A draft has no place in the list.")
    return f"{(post.activate_date - EPOCH) // timedelta(microseconds=1)}-{post.pk}"


def search_posts(query: str, *, page: int) -> tuple[list[BlogPost], bool]:
    """One page of the posts with these words, best first, and whether there are more."""
    start = (page - 1) * PAGE_SIZE
    found = search.find(published_posts(), query, start=start, stop=start + PAGE_SIZE + 1)
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def neighbours(post: BlogPost) -> tuple[BlogPost | None, BlogPost | None]:
    """The posts published just before and just after this one. Two queries, each along the index."""
    if post.activate_date is None:
        return None, None
    posts = BlogPost.objects.published().only("title", "slug")
    place = (post.activate_date, post.pk)
    older = posts.filter(_older_than(*place)).order_by("-activate_date", "-pk").first()
    newer = posts.filter(_newer_than(*place)).order_by("activate_date", "pk").first()
    return older, newer


def latest_posts(limit: int) -> list[BlogPost]:
    return list(published_posts()[:limit])


def testimonials(limit: int) -> list[Testimonial]:
    return list(Testimonial.objects.published()[:limit])


def blog_tags() -> list[NavigationLink]:
    """The tags that a visible post has, by name. From the cache."""
    return caching.get_or_make(TAGS_KEY, _read_tags, seconds=SIDE_SECONDS)


def blog_years() -> list[int]:
    """The years in which a visible post was published, newest first. From the cache."""
    return caching.get_or_make(YEARS_KEY, _read_years, seconds=SIDE_SECONDS)


def _read_tags() -> list[NavigationLink]:
    tags = Tag.objects.filter(posts__in=BlogPost.objects.published()).distinct()[:TAGS_SHOWN]
    return [NavigationLink(title=tag.name, url=tag.get_absolute_url()) for tag in tags]


def _read_years() -> list[int]:
    dates = BlogPost.objects.published().datetimes("activate_date", "year", order="DESC", tzinfo=UTC)
    return [date.year for date in dates]


def _page_after(queryset: PublishableQuerySet, after: str) -> PostPage:
    rows = list(queryset.filter(_newer_than(*_position(after))).order_by("activate_date", "pk")[: PAGE_SIZE + 1])
    posts = rows[:PAGE_SIZE][::-1]
    return PostPage(
        posts=posts,
        newer=cursor(posts[0]) if len(rows) > PAGE_SIZE else "",
        older=cursor(posts[-1]) if posts else "",
    )


def _position(mark: str) -> tuple[datetime, int]:
    microseconds, _, pk = mark.partition("-")
    try:
        position = EPOCH + timedelta(microseconds=int(microseconds)), int(pk)
    except (ValueError, OverflowError) as error:
        raise BadCursor(mark) from error
    if not 0 < position[1] < 2**63:
        raise BadCursor(mark)
    return position


def _older_than(date: datetime, pk: int) -> Q:
    # The first condition says nothing new, but it is the one for which the databases use the index.
    return Q(activate_date__lte=date) & (Q(activate_date__lt=date) | Q(pk__lt=pk))


def _newer_than(date: datetime, pk: int) -> Q:
    return Q(activate_date__gte=date) & (Q(activate_date__gt=date) | Q(pk__gt=pk))
