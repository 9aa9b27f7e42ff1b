"""Files that nobody may fetch by their address: invoices, uploads of staff."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages


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


def private_storage() -> Storage:
    """A callable, so that migrations do not freeze where the files are."""
    return storages["private"]
