from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ProjectConfig(AppConfig):
    name = "hnmproject"

    def ready(self) -> None:
        from hnmproject import checks  # noqa: F401  # registers the system checks


class ShopAdminConfig(AdminConfig):
    default_site = "hnmproject.admin.ShopAdminSite"
