"""What the account itself, the newsletter, the contact form and the background work store of a person."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from core.models import ContactMessage, NewsletterSubscription
from tasks.models import Job, JobFile
from tasks.services import job_files, registry
from users.models import CustomUser
from users.services import personal_data


def _account(user: CustomUser) -> dict[str, Any]:
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.date_joined,
        "last_login": user.last_login,
        "groups": list(user.groups.values_list("name", flat=True)),
        "language": user.language,
        "time_zone": user.time_zone,
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "logged_in": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "addresses_for_login": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
    }


def _newsletter(user: CustomUser) -> list[Any]:
    found = NewsletterSubscription.objects.filter(email__in=_proven_addresses(user))
    return list(found.values("email", "state", "created", "confirmed_at", "unsubscribed_at"))


def _messages(user: CustomUser) -> list[Any]:
    found = ContactMessage.objects.filter(email__in=_proven_addresses(user)).order_by("pk")
    return list(found.values("created", "name", "email", "subject", "message", "handled_at"))


def _forget_newsletter(user: CustomUser) -> None:
    NewsletterSubscription.objects.filter(email__in=_proven_addresses(user)).delete()


def _forget_messages(user: CustomUser) -> None:
    ContactMessage.objects.filter(email__in=_proven_addresses(user)).delete()


def _jobs(user: CustomUser) -> list[Any]:
    return [
        {"number": job.pk, "what": registry.title_of(job.kind), "state": job.state, "created": job.created}
        for job in Job.objects.filter(owner=user).order_by("pk")
    ]


def _forget_jobs(user: CustomUser) -> None:
    """Their files; the records of the jobs lose their owner, and go when their time is over."""
    job_files.delete(JobFile.objects.filter(job__owner=user).exclude(content=""))


def _proven_addresses(user: CustomUser) -> list[str]:
    """Those that are known to be the person's: what came from any other is somebody else's."""
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


for part in (
    personal_data.Part("account", _account),
    personal_data.Part("newsletter", _newsletter, forget=_forget_newsletter),
    personal_data.Part("messages", _messages, forget=_forget_messages),
    personal_data.Part("background-work", _jobs, forget=_forget_jobs),
):
    personal_data.contribute(part)
