"""The addresses as they are where DEBUG is on."""

from django.urls import include, path

from hnmproject.urls import handler400, handler403, handler404, handler500
from hnmproject.urls import urlpatterns as in_production

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [*in_production, path("dev/", include("tasks.dev_urls"))]
