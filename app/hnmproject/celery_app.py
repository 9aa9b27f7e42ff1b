"""The Celery application: ``celery -A hnmproject.celery_app worker``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hnmproject.settings")

app = Celery("hnmproject")
# A namespace of its own: Flower shows the Celery app's whole configuration, and must find no other secret there.
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
