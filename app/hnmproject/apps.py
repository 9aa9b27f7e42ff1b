from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ProjectConfig(AppConfig):
    name = "hnmproject"

    def ready(self) -> None:
        from hnmproject import checks, request_id  # noqa: F401  # both register receivers by being imported


class ShopAdminConfig(AdminConfig):
    default_site = "hnmproject.admin.ShopAdminSite"
