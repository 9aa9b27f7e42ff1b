"""Backups in a bucket, against an S3 server of its own."""

from __future__ import annotations

import os
from io import BytesIO

import pytest

from hnmproject.backups import making, retention
from hnmproject.backups.errors import BackupError
from hnmproject.backups.keys import Keyring
from hnmproject.backups.shelf import Shelf
from hnmproject.tests.test_backups import HEAD, TAIL

POLICY = retention.Policy(2, 0, 0)


@pytest.fixture(scope="module")
def server():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(settings, server):
    from hnmproject.backups import s3

    settings.BACKUP_S3_BUCKET = "backups-" + os.urandom(4).hex()
    settings.BACKUP_S3_ENDPOINT = server
    settings.BACKUP_S3_ACCESS_KEY = settings.BACKUP_S3_SECRET_KEY = "testing"
    settings.BACKUP_S3_PREFIX = "shop/"
    bucket = s3.Bucket()
    bucket._client.create_bucket(Bucket=settings.BACKUP_S3_BUCKET)
    return bucket


@pytest.fixture
def place(tmp_path):
    (tmp_path / "backups").mkdir()
    return Shelf(tmp_path / "backups")


def made(place, day):
    dump = HEAD + TAIL.replace("2026-11-21", f"2026-11-{day}")
    return making.make(
        place=place, dump=BytesIO(dump.encode()), folders={}, settings={}, keyring=Keyring(), release="r"
    )


def test_there_and_back(bucket, place, tmp_path):
    backup = made(place, 21)
    log = place.folder / "logs" / "server" / "binlog.000001.gz"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"log")
    log.with_name("binlog.000001.json").write_text("{}")
    bucket.upload(backup)
    assert bucket.upload_logs(place) == 2
    assert bucket.upload_logs(place) == 0
    assert bucket.backups() == [backup.name]
    other = Shelf(tmp_path / "other")
    other.folder.mkdir()
    copy = bucket.download("latest", other)
    bucket.download_logs(other)
    assert {path.name: path.read_bytes() for path in copy.folder.iterdir()} == {
        path.name: path.read_bytes() for path in backup.folder.iterdir()
    }
    assert (other.folder / "logs" / "server" / "binlog.000001.gz").read_bytes() == b"log"
    assert bucket.download("latest", other).name == copy.name, "once more does no harm"


def test_keeps_by_the_same_rule(bucket, place):
    for day in (18, 19, 20):
        bucket.upload(made(place, day))
    assert bucket.prune(POLICY, place) == ["20261118-120000"]
    assert bucket.backups() == ["20261120-120000", "20261119-120000"]
    assert [key for key in bucket._keys("") if key.startswith("20261118")] == []


def test_half_an_upload_is_no_backup(bucket, place):
    backup = made(place, 21)
    (backup.folder / "SHA256SUMS").unlink()
    bucket.upload(backup)
    assert bucket.backups() == []
    with pytest.raises(BackupError, match=r"no backup 20261121-120000 in the bucket .* There: none"):
        bucket.download(backup.name, place)


def test_says_when_the_bucket_refuses(bucket, settings, place):
    bucket.name = "no-such-bucket"
    with pytest.raises(BackupError, match="the bucket no-such-bucket refuses or cannot be reached"):
        bucket.upload(made(place, 21))
