"""Files that nobody may fetch by their address: invoices, uploads of staff."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from tasks.storage import private_storage

__all__ = ["PrivateStorage", "private_storage"]


class PrivateStorage(FileSystemStorage):
    """Outside of MEDIA_ROOT, which nginx publishes. No address leads here: views serve the files to who may read."""

    @property
    def base_location(self) -> str:
        # Read at each use, so that tests can have their own.
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return str(Path(self.base_location).resolve())

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no address.")
