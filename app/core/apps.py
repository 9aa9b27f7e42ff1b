from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Blog and pages")

    def ready(self) -> None:
        from core import signals  # noqa: F401  # connects the receivers
        from core.services import pictures

        pictures.connect(apps.get_models())
