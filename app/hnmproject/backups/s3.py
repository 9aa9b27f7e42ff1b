"""Backups in a bucket of anything that speaks S3."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from hnmproject.backups import logs, retention
from hnmproject.backups.errors import BackupError, explained
from hnmproject.backups.shelf import NAME, SUMS, UNFINISHED, Backup, Shelf


class Bucket:
    """The bucket of the settings. What is uploaded counts once its SHA256SUMS is there, which comes last."""

    def __init__(self) -> None:
        self.name = settings.BACKUP_S3_BUCKET
        self._prefix = settings.BACKUP_S3_PREFIX.strip("/")
        self._client = _client()

    def upload(self, backup: Backup) -> None:
        names = sorted((path.name for path in backup.folder.iterdir() if path.is_file()), key=lambda name: name == SUMS)
        for name in names:
            self._put(backup.folder / name, f"{backup.name}/{name}")

    def upload_logs(self, place: Shelf) -> int:
        """Those that are not there yet; how many."""
        folder = place.folder / logs.FOLDER
        there = set(self._keys(f"{logs.FOLDER}/"))
        wanted = sorted(folder.glob("*/*"), key=lambda path: path.suffix == ".json")
        missing = [path for path in wanted if f"{logs.FOLDER}/{path.relative_to(folder).as_posix()}" not in there]
        for path in missing:
            self._put(path, f"{logs.FOLDER}/{path.relative_to(folder).as_posix()}")
        return len(missing)

    def backups(self) -> list[str]:
        """Names of the complete ones, newest first."""
        found = [key.partition("/")[0] for key in self._keys("") if key.endswith("/" + SUMS)]
        return sorted((name for name in found if NAME.match(name)), reverse=True)

    def download(self, name: str, place: Shelf) -> Backup:
        """Bring a backup here, by its name or as “latest”. What is here already is not asked for again."""
        there = self.backups()
        name = there[0] if name == "latest" and there else name
        if name not in there:
            raise BackupError(
                f"there is no backup {name} in the bucket {self.name}. There: {', '.join(there) or 'none'}."
            )
        final = place.folder / name
        if not final.exists():
            unfinished = place.folder / f"{UNFINISHED}{name}"
            shutil.rmtree(unfinished, ignore_errors=True)
            self._get_folder(f"{name}/", unfinished)
            unfinished.rename(final)
        Backup(final).check_sums()
        return Backup(final)

    def download_logs(self, place: Shelf) -> None:
        self._get_folder(f"{logs.FOLDER}/", place.folder / logs.FOLDER)

    def prune(self, policy: retention.Policy, place: Shelf) -> list[str]:
        """Keep there by the same rule as here. Logs stay as long as they do here."""
        there = [Backup(Path(name)) for name in self.backups()]
        stay = retention.kept((backup.made for backup in there), policy)
        gone = [backup.name for backup in there if backup.made not in stay]
        # SHA256SUMS first, so that half of one is none.
        keys = [key for name in gone for key in sorted(self._keys(f"{name}/"), key=lambda key: not key.endswith(SUMS))]
        here = place.folder / logs.FOLDER
        keys += [
            key
            for key in self._keys(f"{logs.FOLDER}/")
            if place.backups() and not (here / key.removeprefix(f"{logs.FOLDER}/")).exists()
        ]
        for key in keys:
            with _explained(self.name):
                self._client.delete_object(Bucket=self.name, Key=self._full(key))
        return gone

    def _put(self, path: Path, key: str) -> None:
        with _explained(self.name):
            self._client.upload_file(str(path), self.name, self._full(key))

    def _get_folder(self, prefix: str, folder: Path) -> None:
        for key in self._keys(prefix):
            path = folder / key.removeprefix(prefix)
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with _explained(self.name):
                self._client.download_file(self.name, self._full(key), str(path))

    def _keys(self, prefix: str) -> Iterator[str]:
        """Without our own prefix."""
        pages = self._client.get_paginator("list_objects_v2")
        with _explained(self.name):
            for page in pages.paginate(Bucket=self.name, Prefix=self._full(prefix)):
                for entry in page.get("Contents", []):
                    yield entry["Key"].removeprefix(f"{self._prefix}/" if self._prefix else "")

    def _full(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key


def _client() -> Any:
    try:
        # Where nothing is uploaded, its 30 MB of memory are not spent.
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise BackupError("boto3 is not installed here: run in the image, which has it.") from error
    return boto3.client(
        "s3",
        endpoint_url=settings.BACKUP_S3_ENDPOINT or None,
        region_name=settings.BACKUP_S3_REGION,
        aws_access_key_id=settings.BACKUP_S3_ACCESS_KEY,
        aws_secret_access_key=settings.BACKUP_S3_SECRET_KEY,
        # Many that speak S3 know neither the newest checksums nor a bucket's name as a host's.
        config=Config(
            connect_timeout=10,
            retries={"max_attempts": 4, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"} if settings.BACKUP_S3_ENDPOINT else None,
        ),
    )


@contextmanager
def _explained(bucket: str) -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise BackupError(f"the bucket {bucket} refuses or cannot be reached: {error}. See BACKUP_S3_…") from error
    except OSError as error:
        raise explained(error) from error
