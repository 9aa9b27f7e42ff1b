"""Who wrote it: an account of staff with the same e-mail address, or else one that only lends its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from core.models.wordpress import key_of

from .reading import Author, Overview, split_name
from .report import Report

if TYPE_CHECKING:
    from users.models import CustomUser


class Authors:
    """Looked up once for each login of the file.

    A new account is nobody's: it is not active, has no password, and its address is none that mail goes to. The
    address in the file is not taken over, or its owner could not open an account with it.
    """

    def __init__(self, overview: Overview, report: Report, *, dry_run: bool) -> None:
        self._overview = overview
        self._report = report
        self._dry_run = dry_run
        self._known: dict[str, int | None] = {}

    def find_or_make(self, login: str) -> int | None:
        """The account's key; None in a dry run, where there is none yet."""
        if login not in self._known:
            self._known[login] = self._find_or_make(self._overview.authors.get(login) or _author_of(login))
        return self._known[login]

    def _find_or_make(self, author: Author) -> int | None:
        users = get_user_model().objects
        found = users.filter(email__iexact=author.email, is_staff=True).first() if author.email else None
        found = found or users.filter(email=self._address(author)).first()
        if found is not None:
            return int(found.pk)
        self._report.note_author(f"{author.first_name} {author.last_name}".strip() or author.login)
        return None if self._dry_run else self._make(author).pk

    def _make(self, author: Author) -> CustomUser:
        return get_user_model().objects.create_user(
            self._address(author),
            first_name=author.first_name[:150],
            last_name=author.last_name[:150],
            is_active=False,
        )

    def _address(self, author: Author) -> str:
        return f"{key_of(f'{self._overview.host} {author.login}')[:16]}@authors.invalid"


def _author_of(login: str) -> Author:
    return Author(login, "", *split_name(login))
