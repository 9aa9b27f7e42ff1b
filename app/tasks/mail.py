"""Mail that cannot get lost: sending a message means asking for a job, in the same transaction as its cause.

`QueuedEmailBackend` is what the whole project sends through; the job's handler hands the message to MAIL_TRANSPORT, a
Django e-mail backend too: SMTP in production, files (`OutboxEmailBackend`) in embedded development and in tests.
"""

from __future__ import annotations

import base64
import itertools
import json
import uuid
from collections.abc import Sequence
from email import message_from_bytes
from email.mime.base import MIMEBase
from email.utils import formatdate, make_msgid
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from tasks import queues
from tasks.services import jobs

LARGEST_MESSAGE = 10 * 1024 * 1024
PERMANENT_SMTP_ERRORS = range(500, 600)


class MailTooLarge(jobs.JobError):  # named like the other job errors
    """The message with its attachments does not fit into a job; send a link instead."""


class QueuedEmailBackend(BaseEmailBackend):
    """Makes each message a job of kind "mail.send"."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._enqueue(message) for message in email_messages if message.recipients())

    def _enqueue(self, message: EmailMessage) -> bool:
        try:
            message.message()  # raises for what could never be sent, while its author can still hear it
            jobs.enqueue("mail.send", message=serialise(message))
        except Exception:
            if not self.fail_silently:
                raise
            return False
        return True


class OutboxEmailBackend(BaseEmailBackend):
    """Writes each message to a file in MAIL_OUTBOX. The names sort by time; recipients stand in X-Envelope-To."""

    _numbers = itertools.count()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.MAIL_OUTBOX.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        mime = message.message()
        mime["X-Envelope-To"] = ", ".join(message.recipients())
        name = f"{timezone.now():%Y%m%dT%H%M%S.%f}-{next(self._numbers):06}-{uuid.uuid4().hex[:8]}"
        unfinished = Path(settings.MAIL_OUTBOX) / f".{name}"
        unfinished.write_bytes(mime.as_bytes())
        unfinished.rename(unfinished.with_name(f"{name}.eml"))


@jobs.handler("mail.send", queue=queues.IO, max_attempts=8, backoff_seconds=60, private=True)
def send(job: jobs.RunningJob, *, message: dict[str, Any]) -> None:
    """Send it. What a mail says is private and may hold a password's link: once it is sent, only its head is kept."""
    rebuilt = rebuild(message)
    try:
        get_connection(settings.MAIL_TRANSPORT).send_messages([rebuilt])
    except SMTPRecipientsRefused as error:
        if all(code in PERMANENT_SMTP_ERRORS for code, _reason in error.recipients.values()):
            raise jobs.GiveUp(f"The mail server refuses every recipient: {error.recipients}.") from error
        raise
    job.keep_of_arguments(message={name: message[name] for name in ("subject", "to", "headers")})


def serialise(message: EmailMessage) -> dict[str, Any]:
    """The message as JSON, with the Message-ID and Date that every attempt to send it will carry."""
    serialised = {
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "from": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        "headers": _fixed_headers(message),
        "alternatives": [[str(part[0]), part[1]] for part in getattr(message, "alternatives", None) or []],
        "attachments": [_serialised_attachment(attachment) for attachment in message.attachments],
    }
    size = len(json.dumps(serialised))
    if size > LARGEST_MESSAGE:
        raise MailTooLarge(
            f"The mail “{message.subject}” takes {size / 1024 / 1024:.1f} MB with its attachments encoded, "
            f"{LARGEST_MESSAGE // 1024 // 1024} MB are allowed: send a link to the file instead."
        )
    return serialised


def rebuild(serialised: dict[str, Any]) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=serialised["subject"],
        body=serialised["body"],
        from_email=serialised["from"],
        to=serialised["to"],
        cc=serialised["cc"],
        bcc=serialised["bcc"],
        reply_to=serialised["reply_to"],
        headers=serialised["headers"],
        alternatives=[(content, mimetype) for content, mimetype in serialised["alternatives"]],
        attachments=[_rebuilt_attachment(attachment) for attachment in serialised["attachments"]],
    )
    message.content_subtype = serialised["subtype"]
    return message


def _fixed_headers(message: EmailMessage) -> dict[str, str]:
    headers = {name: str(value) for name, value in message.extra_headers.items()}
    present = {name.lower() for name in headers}
    if "message-id" not in present:
        # Not Django's domain, which asks DNS for this machine's name and may wait for an answer.
        headers["Message-ID"] = make_msgid(domain=urlsplit(settings.SITE_URL).hostname or "localhost")
    if "date" not in present:
        headers["Date"] = formatdate(timezone.now().timestamp())
    return headers


def _serialised_attachment(attachment: Any) -> dict[str, Any]:
    if isinstance(attachment, MIMEBase):
        return {"mime": _encoded(attachment.as_bytes())}
    name, content, mimetype = attachment
    is_text = isinstance(content, str)
    raw = content.encode() if is_text else _raw_bytes(content)
    return {"name": name, "content": _encoded(raw), "is_text": is_text, "mimetype": mimetype}


def _raw_bytes(content: Any) -> bytes:
    return content.as_bytes() if hasattr(content, "as_bytes") else bytes(content)  # a forwarded message, or a file


def _rebuilt_attachment(attachment: dict[str, Any]) -> Any:
    if "mime" in attachment:
        return _rebuilt_part(base64.b64decode(attachment["mime"]))
    raw = base64.b64decode(attachment["content"])
    content = raw.decode() if attachment["is_text"] else raw
    return (attachment["name"], content, attachment["mimetype"])


def _rebuilt_part(raw: bytes) -> MIMEBase:
    """Django takes nothing else than a MIMEBase, and the parser makes its parent."""
    parsed = message_from_bytes(raw)
    part = MIMEBase(parsed.get_content_maintype(), parsed.get_content_subtype())
    for name in set(part.keys()):
        del part[name]
    for name, value in parsed.items():
        part[name] = value
    part.set_payload(parsed.get_payload())
    return part


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
