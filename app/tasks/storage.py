"""Where files lie that nobody may fetch by their address. What kind of storage that is, the settings say."""

from __future__ import annotations

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """A callable, so that migrations do not freeze where the files are."""
    return storages["private"]
