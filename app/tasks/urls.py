from __future__ import annotations

from django.urls import path

from tasks import views

app_name = "jobs"
urlpatterns = [
    path("jobs/<int:job_id>/", views.job_page, name="job"),
    path("jobs/<int:job_id>/cancel/", views.cancel_page, name="cancel"),
    path("jobs/<int:job_id>/file/", views.file_download, name="file"),
    path("api/jobs/<int:job_id>/", views.job_api, name="api"),
]
