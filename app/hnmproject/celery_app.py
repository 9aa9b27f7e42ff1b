"""The Celery application: ``celery -A hnmproject.celery_app worker``."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

from tasks.heartbeat import HeartbeatStep
from tasks.worker_life import FreeOwnJobsStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hnmproject.settings")

app = Celery("hnmproject")
# Flower shows the Celery app's whole configuration, and must find no secret there.
app.config_from_object("hnmproject.celery_settings:CONFIGURATION")
app.autodiscover_tasks()
app.steps["worker"].update([DjangoStructLogInitStep, HeartbeatStep, FreeOwnJobsStep])


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def keep_djangos_logging(**kwargs: Any) -> None:
    """Being connected is all it takes: Celery then leaves the LOGGING of the settings alone."""
