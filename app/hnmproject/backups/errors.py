"""What goes wrong with backups, in words for who has to do something about it."""

from __future__ import annotations

import errno


class BackupError(Exception):
    """Its text says what is wrong and what to do next."""


def explained(error: OSError) -> BackupError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return BackupError(
            "the disk is full. Nothing of the unfinished backup is kept. Make room (old images: docker image prune; "
            "old backups: lower BACKUP_KEEP_DAILY, _WEEKLY or _MONTHLY), then try again."
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return BackupError(f"{error.filename or 'the folder of the backups'} cannot be read or written: {error}.")
    return BackupError(str(error))
