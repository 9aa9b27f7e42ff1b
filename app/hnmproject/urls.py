"""Which app answers which address."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from ecommerce.views.payments import webhook
from hnmproject import metrics, sitemaps, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_section"),
    path("", include("core.urls")),
    path("shop/", include("ecommerce.urls")),
    path("stripe/webhook/", webhook, name="stripe_webhook"),
    path("", include("tasks.urls")),
    path("accounts/orders/", include("ecommerce.account_urls")),
    path("accounts/addresses/", include("ecommerce.address_urls")),
    path("accounts/", include("users.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/security/", include("allauth.mfa.urls")),
    path("tasks/", include("tasks.watching_urls")),
    path("admin/", admin.site.urls),
    path("health/", include("hnmproject.health")),
    path("metrics", metrics.page, name="metrics"),
]
if settings.DEBUG:
    urlpatterns += [path("dev/", include("tasks.dev_urls"))]
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.permission_denied"
handler404 = "core.views.errors.page_not_found"
handler500 = "core.views.errors.server_error"
