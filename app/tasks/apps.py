from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("Background work")

    def ready(self) -> None:
        # Each app registers the handlers of its jobs in its jobs.py.
        autodiscover_modules("jobs")
        post_migrate.connect(mirror_schedules, sender=self)


class TablesOnlyConfig(TasksConfig):
    """For a process that does no jobs."""

    default = False
    has_tasks = False

    def ready(self) -> None: ...


def mirror_schedules(using: str, **kwargs: Any) -> None:
    """Give beat its entries after every migrate, once its own tables exist."""
    from django_celery_beat.models import PeriodicTask

    from tasks import schedules
    from tasks.services import schedule_mirror

    table = PeriodicTask._meta.db_table  # noqa: SLF001  # documented by Django, for all its underscore
    if using == "default" and table in connections[using].introspection.table_names():
        schedule_mirror.mirror(schedules.SCHEDULES)
