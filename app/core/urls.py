from __future__ import annotations

from django.urls import URLPattern, path

from core import feeds
from core.views import blog, contact, cookies, newsletter, pages, robots

app_name = "core"
urlpatterns: list[URLPattern] = [
    path("blog/", blog.post_list, name="blog_list"),
    path("blog/feed.rss", feeds.rss, name="blog_rss"),
    path("blog/feed.atom", feeds.atom, name="blog_atom"),
    path("blog/archive/<int:year>/", blog.archive, name="blog_archive"),
    path("blog/tags/<slug:slug>/", blog.tag, name="blog_tag"),
    path("blog/<slug:slug>/", blog.post, name="blog_post"),
    path("pages/<slug:slug>/", pages.page, name="page"),
    path("cookies/", cookies.cookies, name="cookies"),
    path("contact/", contact.contact, name="contact"),
    path("contact/thank-you/", contact.done, name="contact_done"),
    path("newsletter/", newsletter.subscribe, name="newsletter_subscribe"),
    path("newsletter/thank-you/", newsletter.done, name="newsletter_done"),
    path("newsletter/confirm/<str:token>/", newsletter.confirm, name="newsletter_confirm"),
    path("newsletter/unsubscribe/<str:token>/", newsletter.unsubscribe, name="newsletter_unsubscribe"),
    path("robots.txt", robots.robots_txt, name="robots_txt"),
]
