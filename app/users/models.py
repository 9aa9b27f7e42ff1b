"""Who can log in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
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
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, default="", db_default="", help_text=_("Empty: the shop's own.")
    )

    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: what the browser asks for."),
    )

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

    @cached_property
    def has_second_factor(self) -> bool:
        """One query, and one answer for the whole request. Recovery codes alone are none."""
        from allauth.mfa.models import Authenticator  # needs this model

        return bool(Authenticator.objects.filter(user=self).exclude(type="recovery_codes").exists())

    @property
    def acts_as_staff(self) -> bool:
        """Whether they may use now what is for staff: with STAFF_REQUIRE_MFA on, only once they have a second factor.

        Whoever has one has logged in with it. Ask this wherever ``is_staff`` would open something.
        """
        return self.is_staff and (not settings.STAFF_REQUIRE_MFA or self.has_second_factor)

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()


class AccountDeletion(models.Model):
    """That an account is to be deleted, and when. Until then its owner can change their mind; then it goes with it."""

    user = models.OneToOneField(
        CustomUser, on_delete=models.CASCADE, related_name="deletion", verbose_name=_("user"), primary_key=True
    )
    token = models.UUIDField(_("token"), default=uuid.uuid4, unique=True, editable=False)
    requested = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    due = models.DateTimeField(_("due"), db_index=True)

    class Meta:
        verbose_name = _("deletion of an account")
        verbose_name_plural = _("deletions of accounts")

    def __str__(self) -> str:
        return str(self.user)
