"""What the pages say to machines, in the words of schema.org. Each function returns data for the ``json_ld`` tag."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from core.models import BlogPost
from core.site_address import absolute
from core.templatetags.site_pictures import picture_url

LONGEST_HEADLINE = 110  # what Google reads of it


def organisation() -> dict[str, Any]:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/")}


def website() -> dict[str, Any]:
    """For the home page: who we are, and where to search."""
    return {"@type": "WebSite", "name": settings.SITE_NAME, "url": absolute("/"), "publisher": organisation()}


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way from the home page to here, as pairs of title and path."""
    steps = [(gettext("Home"), "/"), *trail]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": str(title), "item": absolute(path)}
            for position, (title, path) in enumerate(steps, start=1)
        ],
    }


def blog_post(post: BlogPost) -> dict[str, Any]:
    """The post and the way to it. Needs the post's author and tags; no query of its own if they are there."""
    address = post.get_absolute_url()
    return {
        "@graph": [
            {
                "@type": "BlogPosting",
                "headline": Truncator(post.title).chars(LONGEST_HEADLINE),
                "description": post.summary,
                "url": absolute(address),
                "mainEntityOfPage": absolute(address),
                "datePublished": post.activate_date,
                "dateModified": post.modified,
                "author": {"@type": "Person", "name": post.byline},
                "publisher": organisation(),
                "keywords": [tag.name for tag in post.tags.all()],
                **_image(post),
            },
            breadcrumbs([("Blog", reverse("core:blog_list")), (post.title, address)]),
        ]
    }


def _image(post: BlogPost) -> dict[str, str]:
    return {"image": absolute(picture_url(post.cover, ratio="16/9"))} if post.cover else {}
