from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from users import sessions

        authenticator_added.connect(sessions.end_others_at_first_factor)
        # Each app says there what it stores of people: see users.services.personal_data.
        autodiscover_modules("personal")


class TablesOnlyConfig(UsersConfig):
    """For a process in which nobody logs in."""

    default = False
    has_tasks = False

    def ready(self) -> None: ...
