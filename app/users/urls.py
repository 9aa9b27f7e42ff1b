from __future__ import annotations

from django.urls import path

from users import languages, privacy_views, views

app_name = "users"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("language/", languages.choose, name="language"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("security/needed/", views.second_factor_needed, name="second_factor_needed"),
    path("newsletter/", views.newsletter_choice, name="newsletter"),
    path("privacy/", privacy_views.overview, name="privacy"),
    path("privacy/copy/", privacy_views.copy, name="copy"),
    path("privacy/delete/", privacy_views.delete, name="delete"),
    path("privacy/keep/<uuid:token>/", privacy_views.keep, name="keep"),
]
