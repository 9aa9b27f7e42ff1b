"""The running shop that a browser visits: embedded mode started for the run, or a stack that BASE_URL names."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from tests.environment import free_port, outside, wait_until

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class Shop:
    base_url: str
    staff_email: str
    staff_password: str
    mails: Callable[[], list[EmailMessage]]

    def mail_to(self, address: str, *, subject: str, seconds: float = 60) -> str:
        """The text of the newest mail to ``address`` whose subject holds ``subject``, waited for."""
        return str(self.message_to(address, subject=subject, seconds=seconds).get_body(("plain",)).get_content())

    def message_to(self, address: str, *, subject: str, seconds: float = 60) -> EmailMessage:
        """That mail with all that belongs to it."""

        def found() -> EmailMessage | None:
            matching = [mail for mail in self.mails() if address in mail["To"] and subject in mail["Subject"]]
            return matching[-1] if matching else None

        mail: EmailMessage = wait_until(found, seconds=seconds, what=f"a mail to {address} about {subject!r}")
        return mail

    def link_in_mail_to(self, address: str, *, subject: str) -> str:
        """The first link of that mail, as a path on this shop."""
        link = re.search(r"https?://[^\s>]+", self.mail_to(address, subject=subject))
        assert link
        return re.sub(r"^https?://[^/]+", "", link[0])


@dataclass
class EmbeddedShop:
    """``make run`` with a folder and a port of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Shop:
        with (self.folder / "log.txt").open("wb") as log:
            self.process = subprocess.Popen(
                ["scripts/run"],
                cwd=REPOSITORY,
                env={**outside(), "VENV": sys.prefix, "PORT": str(self.port), "VAR_DIR": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._is_ready, seconds=300, what=f"the shop ready; its log ends:\n{self._log()}")
        return _embedded_shop_in(self.folder, f"http://localhost:{self.port}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)

    def _is_ready(self) -> bool:
        assert self.process
        assert self.process.poll() is None, f"the shop did not start:\n{self._log()}"
        return "Ready after" in self._log()

    def _log(self) -> str:
        return (self.folder / "log.txt").read_text(errors="replace")[-3000:]


def shop_at(base_url: str) -> Shop:
    """A shop that runs already: ``make run``, or containers as STAFF_LOGIN ("address password") and MAILDEV_URL say."""
    maildev = os.environ.get("MAILDEV_URL")
    if maildev is None:
        return _embedded_shop_in(Path(os.environ.get("SHOP_DIR") or REPOSITORY / "var"), base_url)

    def mails() -> list[EmailMessage]:
        listed = json.loads(_fetch(f"{maildev}/email"))
        return [_parsed(_fetch(f"{maildev}/email/{mail['id']}/source")) for mail in listed]

    address, password = os.environ["STAFF_LOGIN"].split()
    return Shop(base_url, address, password, mails)


def _embedded_shop_in(folder: Path, base_url: str) -> Shop:
    def mails() -> list[EmailMessage]:
        files = sorted((folder / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [_parsed(file.read_bytes()) for file in files]

    address, password = (folder / "staff-login").read_text().split()
    return Shop(base_url, address, password, mails)


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        return bytes(response.read())


def _parsed(source: bytes) -> EmailMessage:
    message = email.message_from_bytes(source, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message
