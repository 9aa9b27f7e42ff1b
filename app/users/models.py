"""Who can log in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class CustomUserManager(BaseUserManager["CustomUser"]):
    """Makes users by their e-mail address, stored in lower case so that one mailbox is one account."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> CustomUser:
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> CustomUser:
        """Raise ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> CustomUser:
        """Whoever can run commands here need not prove their address by a mail, which may not even be set up yet."""
        from users.services import accounts  # imports this module

        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        accounts.vouch_for_address(user)
        return user


class CustomUser(AbstractUser):
    """A person with an account, known by e-mail address. There is no user name."""

    username = None  # type: ignore[assignment]  # Django's way of taking a field away from a parent class
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[CustomUserManager] = CustomUserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_ignoring_case",
                violation_error_message=_("A user with this e-mail address exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()
