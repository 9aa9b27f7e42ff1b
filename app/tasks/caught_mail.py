"""Reading the mails that OutboxEmailBackend wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Attachment:
    number: int
    name: str
    mimetype: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class CaughtMail:
    """One file of the outbox."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def recipients(self) -> str:
        """Everybody who would have got it, also the hidden ones."""
        return str(self.message["X-Envelope-To"] or self.message["To"] or "")

    @property
    def sent(self) -> datetime | None:
        return parsedate_to_datetime(str(self.message["Date"])) if self.message["Date"] else None

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def attachments(self) -> list[Attachment]:
        return [
            Attachment(number, part.get_filename() or "", part.get_content_type(), _bytes_of(part))
            for number, part in enumerate(self.message.iter_attachments())
        ]

    def _body(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""


def newest_first() -> list[CaughtMail]:
    return [_read(path) for path in sorted(_files(), reverse=True)]


def find(name: str) -> CaughtMail | None:
    """Only what is listed is opened: no name leads out of the folder."""
    path = next((path for path in _files() if path.stem == name), None)
    return _read(path) if path else None


def delete_all() -> int:
    files = _files()
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _files() -> list[Path]:
    return list(Path(settings.MAIL_OUTBOX).glob("[!.]*.eml"))


def _read(path: Path) -> CaughtMail:
    return CaughtMail(path.stem, message_from_bytes(path.read_bytes(), policy=policy.default))


def _bytes_of(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else part.as_bytes()
