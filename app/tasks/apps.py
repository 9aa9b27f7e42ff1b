from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("Background work")

    def ready(self) -> None:
        # Each app registers the handlers of its jobs in its jobs.py.
        autodiscover_modules("jobs")
