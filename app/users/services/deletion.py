"""Deleting an account: asked for, put off for some days in which it can be taken back, then done for good."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.services import mails
from core.site_address import absolute
from tasks.services import jobs
from users.models import AccountDeletion, CustomUser
from users.services import personal_data

DELETE = "users.delete_account"


class StaffAccountError(Exception):
    """What staff did is recorded under their account. Somebody else takes the staff status away first."""


def days() -> int:
    """How long it can be taken back."""
    return int(settings.ACCOUNT_DELETION_DAYS)


def years_of_invoices() -> int:
    """How long the buyer of an order is known."""
    return int(settings.BUYER_RETENTION_YEARS)


@transaction.atomic
def request(*, user: CustomUser) -> AccountDeletion:
    """Note it, and mail the link that takes it back. Asked twice it stays as it was. Raises StaffAccountError."""
    if user.is_staff or user.is_superuser:
        raise StaffAccountError
    due = timezone.now() + timedelta(days=settings.ACCOUNT_DELETION_DAYS)
    deletion, is_new = AccountDeletion.objects.get_or_create(user=user, defaults={"due": due})
    if is_new:
        link = absolute(reverse("users:keep", args=[deletion.token]))
        context = {"user": user, "deletion": deletion, "keep_url": link}
        mails.send(template="users/mail/deletion_requested", to=user.email, context=context, language=user.language)
    return deletion


@transaction.atomic
def take_back(*, deletion: AccountDeletion) -> None:
    """The account stays. The mail says so, in case it was somebody else who wanted that."""
    user = deletion.user
    if AccountDeletion.objects.filter(pk=deletion.pk).delete()[0]:
        mails.send(
            template="users/mail/deletion_taken_back", to=user.email, context={"user": user}, language=user.language
        )


def ask_for_due() -> int:
    """A job for each account whose time has come; how many."""
    due = list(AccountDeletion.objects.filter(due__lte=timezone.now()).values_list("pk", "token"))
    for user_id, token in due:
        jobs.enqueue(DELETE, key=str(token), user_id=user_id)
    return len(due)


@transaction.atomic
def perform(*, user_id: int) -> str:
    """Delete it, if it is still to be deleted; return what was done."""
    deletion = AccountDeletion.objects.select_for_update().filter(pk=user_id, due__lte=timezone.now()).first()
    if deletion is None:
        return "taken back"
    user = CustomUser.objects.select_for_update().get(pk=user_id)
    if user.is_staff or user.is_superuser:
        deletion.delete()
        return "has become staff"
    for part in personal_data.parts():
        if part.forget is not None:
            part.forget(user)
    mails.send(template="users/mail/deletion_done", to=user.email, context={"user": user}, language=user.language)
    if LogEntry.objects.filter(user=user).exists():
        _empty(user)
        return "emptied, for it stands in the log of the admin"
    user.delete()
    return "deleted"


def _empty(user: CustomUser) -> None:
    """Leave the row to what its owner did as staff, which stays on record, and nothing of the person in it."""
    AccountDeletion.objects.filter(pk=user.pk).delete()
    for model in (EmailAddress, Authenticator, UserSession):
        model.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.email, user.first_name, user.last_name, user.is_active = f"account-{user.pk}@forgotten.invalid", "", "", False
    user.set_unusable_password()
    user.save()
