"""The hourly look at the backups: what it finds, and that staff hear of it once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
import time_machine
from django.core.management import call_command

from hnmproject.backups import keeping, making, shelf
from hnmproject.backups.keys import Keyring
from hnmproject.backups.shelf import Backup, Shelf
from hnmproject.tasks import look_at_backups
from hnmproject.tests.test_backups import HEAD, TAIL
from hnmproject.tests.test_metrics import scrape
from tasks.models import BackupWatch

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON + timedelta(hours=1), tick=False) as clock:
        yield clock


@pytest.fixture
def place(tmp_path, settings, clock):
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_DIR.mkdir()
    return Shelf(settings.BACKUP_DIR)


@pytest.fixture
def backup(place):
    return making.make(
        place=place, dump=BytesIO((HEAD + TAIL).encode()), folders={}, settings={}, keyring=Keyring(), release="r"
    )


@pytest.fixture
def told(outbox):
    return lambda: [mail.get_body(("plain",)).get_content() for mail in outbox() if "backups" in mail["Subject"]]


def test_does_nothing_where_no_folder_is_set(settings, told):
    settings.BACKUP_DIR = None
    look_at_backups()
    assert keeping.look() is None
    assert not BackupWatch.objects.exists()
    assert told() == []


def test_a_new_and_sound_backup_is_well(backup, told):
    look_at_backups()
    watch = BackupWatch.objects.get()
    assert (watch.name, watch.made, watch.size, watch.problem) == (backup.name, NOON, backup.size, "")
    assert told() == []


def test_none_at_all_is_told_once_and_again_when_it_was_well_in_between(place, told):
    look_at_backups()
    look_at_backups()
    assert [text.splitlines()[0] for text in told()] == ["There is no backup."]
    making.make(
        place=place, dump=BytesIO((HEAD + TAIL).encode()), folders={}, settings={}, keyring=Keyring(), release=""
    )
    look_at_backups()
    assert len(told()) == 1
    for path in place.newest().folder.iterdir():
        path.unlink()
    place.newest().folder.rmdir()
    look_at_backups()
    assert len(told()) == 2


def test_an_old_one(backup, clock, told):
    clock.shift(timedelta(hours=25))
    assert keeping.look().problem == ""
    clock.shift(timedelta(hours=1))
    assert keeping.look().problem == "The newest backup, 20261121-120000, is older than 26 hours."


def test_a_damaged_one_is_found_the_day_after_at_the_latest(backup, clock):
    assert keeping.look().problem == ""
    (backup.folder / shelf.FILES).write_bytes(b"x")
    assert keeping.look().problem == "", "each is read once in a day"
    clock.shift(timedelta(hours=21))
    assert "files.tar of 20261121-120000 is damaged" in keeping.look().problem
    assert "files.tar of 20261121-120000 is damaged" in keeping.look().problem, "and it is not forgotten"


def test_verification_is_due(backup, clock, settings):
    settings.BACKUP_MAX_AGE_HOURS = 1000
    clock.shift(timedelta(days=7))
    assert keeping.look().problem == "", "a new shop is not late"
    clock.shift(timedelta(days=1))
    assert keeping.look().problem == "No backup was verified by restoring it in the last 8 days."
    backup.note_verified(problems=[], now=datetime.now(UTC))
    assert keeping.look().problem == ""
    assert BackupWatch.objects.get().verified == datetime.now(UTC)


def test_a_verification_that_found_something(backup):
    backup.note_verified(problems=["table a is missing", "table b is missing"], now=datetime.now(UTC))
    expected = "The verification of 20261121-120000 found 2 differences, such as: table a is missing."
    assert keeping.look().problem == expected


def test_a_folder_that_cannot_be_read(place, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Shelf, "backups", refuse)
    assert "cannot be read" in keeping.look().problem


def test_a_result_that_cannot_be_read(backup, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Backup, "verified", refuse)
    assert "cannot be read" in keeping.look().problem


def test_status_and_metrics_show_it(backup, client, clock):
    keeping.look()
    output = StringIO()
    call_command("status", stdout=output)
    assert "  Backups      2026-11-21 12:00 UTC, 0 MB, not verified yet" in output.getvalue()
    figures = scrape(client)
    assert figures["shop_backup_timestamp_seconds"] == NOON.timestamp()
    assert figures["shop_backup_bytes"] == backup.size
    assert figures["shop_backups_well"] == 1
    clock.shift(timedelta(days=3))
    keeping.look()
    output = StringIO()
    call_command("status", stdout=output)
    assert "! Backups      2026-11-21 12:00 UTC" in output.getvalue()
    assert "!              The newest backup, 20261121-120000, is older than 26 hours." in output.getvalue()
    assert scrape(client)["shop_backups_well"] == 0


def test_where_nobody_looks_status_and_metrics_say_nothing(client):
    output = StringIO()
    call_command("status", stdout=output)
    assert "backup" not in output.getvalue()
    assert [name for name in scrape(client) if name.startswith("shop_backup")] == []
