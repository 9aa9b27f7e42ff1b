from __future__ import annotations

from django.urls import path

from tasks import watching

app_name = "watching"
urlpatterns = [
    path("may-watch/", watching.may_watch, name="may_watch"),
    path("may-watch/refused/", watching.refused, name="refused"),
]
