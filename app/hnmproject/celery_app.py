"""The Celery application: ``celery -A hnmproject.celery_app worker``."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_prerun, worker_before_create_process
from django.apps import apps
from django.db import close_old_connections
from django_structlog.celery.steps import DjangoStructLogInitStep

from tasks.heartbeat import HeartbeatStep
from tasks.worker_life import EndWhenDeafStep, FreeOwnJobsStep, ReconnectWhenBlockedStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hnmproject.settings")

app = Celery("hnmproject")
# Flower shows the Celery app's whole configuration, and must find no secret there.
app.config_from_object("hnmproject.celery_settings:CONFIGURATION")
app.autodiscover_tasks(lambda: [config.name for config in apps.get_app_configs() if getattr(config, "has_tasks", True)])
app.steps["worker"].update(
    [DjangoStructLogInitStep, HeartbeatStep, FreeOwnJobsStep, ReconnectWhenBlockedStep, EndWhenDeafStep]
)


@app.on_after_configure.connect  # type: ignore[untyped-decorator]  # Celery has no types
def keep_database_connections(sender: Celery, **kwargs: Any) -> None:
    """Celery would close the connection before and after each task: a new one takes MySQL longer than most jobs."""
    sender.conf["CELERY_DB_REUSE_MAX"] = 1_000_000


@worker_before_create_process.connect  # type: ignore[untyped-decorator]
def share_memory_with_children(**kwargs: Any) -> None:
    """What is loaded so far stays as it is: the collector would write to each object, and so copy it into the child."""
    gc.collect()
    gc.freeze()


@task_prerun.connect  # type: ignore[untyped-decorator]
def drop_old_database_connections(**kwargs: Any) -> None:
    """Those that have had their time, or that the database has closed: as before each request."""
    close_old_connections()


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def keep_djangos_logging(**kwargs: Any) -> None:
    """Being connected is all it takes: Celery then leaves the LOGGING of the settings alone."""
