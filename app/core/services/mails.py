"""Mails in the site's look, from templates.

A mail called ``core/mail/contact_received`` has three: ``…_subject.txt``, ``…_message.txt`` and ``…_message.html``.
The last two extend ``mail/base.txt`` and ``mail/base.html``. allauth names its templates the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, loader

from core import languages


def send(
    *,
    template: str,
    to: str | Sequence[str],
    context: Mapping[str, Any] | None = None,
    reply_to: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    language: str | None = None,
) -> None:
    """Ask for a mail. It becomes a job in the caller's transaction: no transaction waits for it, none loses it."""
    compose(template=template, to=to, context=context, reply_to=reply_to, headers=headers, language=language).send()


def compose(
    *,
    template: str,
    to: str | Sequence[str],
    context: Mapping[str, Any] | None = None,
    reply_to: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    language: str | None = None,
) -> EmailMultiAlternatives:
    """The mail as an object, for who adds an attachment before sending it.

    ``language`` is the reader's; empty means the shop's own, and None the one that is spoken now.
    """
    with languages.speaking(languages.current() if language is None else language):
        return _composed(template, to, context or {}, list(reply_to), dict(headers or {}))


def _composed(
    template: str, to: str | Sequence[str], context: Mapping[str, Any], reply_to: list[str], headers: dict[str, str]
) -> EmailMultiAlternatives:
    values = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context}
    values["subject"] = one_line(_plain(f"{template}_subject.txt", values))
    message = EmailMultiAlternatives(
        subject=values["subject"],
        body=_plain(f"{template}_message.txt", values),
        to=[to] if isinstance(to, str) else list(to),
        reply_to=reply_to,
        headers=headers,
    )
    message.attach_alternative(loader.render_to_string(f"{template}_message.html", values), "text/html")
    return message


def one_line(text: str) -> str:
    """Text that can stand in a header: a line break in one would begin another header."""
    return " ".join(text.split())


def _plain(template: str, values: Mapping[str, Any]) -> str:
    """Plain text has nothing to escape: a name with an apostrophe must stay one."""
    compiled: Any = loader.get_template(template)
    return str(compiled.template.render(Context(dict(values), autoescape=False))).strip() + "\n"
