"""What the live role answers beside WebSockets: how it is."""

from django.http import HttpRequest, HttpResponseNotFound
from django.urls import include, path


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseNotFound:
    """The shop's own page has links to pages that are not here."""
    return HttpResponseNotFound("Not found: only WebSockets are served here.\n", content_type="text/plain")


handler404 = not_found
urlpatterns = [path("health/", include("hnmproject.health"))]
