"""Beat's settings: the shop's, with those apps alone whose tables it reads and writes. That saves 20 MB."""

from hnmproject.settings import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django_celery_beat",
    "users.apps.TablesOnlyConfig",
    "tasks.apps.TablesOnlyConfig",
]
