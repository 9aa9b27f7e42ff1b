"""Backups without a database: what is written can be read again, and what is wrong is said."""

from __future__ import annotations

import errno
import gzip
import io
import itertools
import json
import subprocess
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
from django.core.management import CommandError, call_command

from hnmproject.backups import binary_log, database, files, keys, making, parts, retention, shelf
from hnmproject.backups.errors import BackupError
from hnmproject.backups.keys import Keyring
from hnmproject.backups.shelf import Shelf

SERVER = "42b1a4f8-e5b6-11f1-80a4-29a0a65ee665"
HEAD = "-- CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='binlog.000002', SOURCE_LOG_POS=691;\n"
TAIL = f"""-- backup: made 2026-11-21 12:00:00
-- backup: server {SERVER} 9.7.4 hnm
-- backup: log binlog.000002 691
-- backup: migration core 0001_initial
-- backup: table core_page 2 0123456789abcdef
-- backup: end
"""
ROWS = "INSERT INTO `core_page` VALUES (1,'a'),(2,'-- backup: end');\n" * 9_000
NO_KEY = Keyring()
PASSPHRASE = Keyring(passphrase="a long way home")
PRIVATE = str(pyrage.x25519.Identity.from_str(keys.derived_key("any", "00")))
PUBLIC = str(pyrage.x25519.Identity.from_str(PRIVATE).to_public())
KEYS = Keyring(recipients=(PUBLIC,), identities=(PRIVATE,))


@pytest.fixture
def folders(tmp_path):
    media, private = tmp_path / "media", tmp_path / "private"
    (media / "products").mkdir(parents=True)
    (media / "products" / "ü – chair.jpg").write_bytes(bytes(range(256)) * 5000)
    (media / "empty.txt").write_bytes(b"")
    (private / "invoices").mkdir(parents=True)
    (private / "invoices" / "INV-1.pdf").write_bytes(b"%PDF")
    return {"media": media, "private": private}


@pytest.fixture
def place(tmp_path):
    (tmp_path / "backups").mkdir()
    return Shelf(tmp_path / "backups")


def made(place, folders, keyring=NO_KEY, *, dump=HEAD + ROWS + TAIL, **options):
    return making.make(
        place=place, dump=io.BytesIO(dump.encode()), folders=folders, settings=options.pop("settings", {}),
        keyring=keyring, release="20261121-110000-abcdef0", **options,
    )  # fmt: skip


def left(place):
    return sorted(path.name for path in place.folder.iterdir())


@pytest.mark.parametrize("keyring", [NO_KEY, PASSPHRASE, KEYS], ids=["plain", "passphrase", "keys"])
def test_what_is_written_can_be_read(place, folders, keyring, tmp_path):
    backup = made(place, folders, keyring)
    assert backup.name == "20261121-120000"
    backup.check_sums()
    index = backup.index()
    assert (index.tables, index.rows, index.files, index.release) == (1, 2, 3, "20261121-110000-abcdef0")
    assert vars(index.position) == {"server": SERVER, "log": "binlog.000002", "position": 691}
    contents = backup.contents(keyring)
    assert contents.tables == {"core_page": database.Table(2, "0123456789abcdef")}
    assert contents.migrations == ["core.0001_initial"]
    with parts.reading(backup.path(shelf.DATABASE), keyring=keyring, seal=index.seal) as source:
        assert source.read().decode() == HEAD + ROWS + TAIL
    with parts.reading(backup.path(shelf.FILES), keyring=keyring, seal=index.seal) as source:
        assert files.sums(source) == contents.files
    assert set(contents.files) == {"media/products/ü – chair.jpg", "media/empty.txt", "private/invoices/INV-1.pdf"}


def test_the_sums_are_those_of_sha256sum(place, folders):
    backup = made(place, folders)
    subprocess.run(["sha256sum", "--check", "--strict", shelf.SUMS], cwd=backup.folder, check=True, capture_output=True)


@pytest.mark.parametrize("keyring", [PASSPHRASE, KEYS], ids=["passphrase", "keys"])
def test_encrypted_nothing_is_readable_but_the_index(place, folders, keyring):
    (folders["media"] / "secret-name.txt").write_text("secret-content")
    backup = made(place, folders, keyring)
    found = {path.name: path.read_bytes() for path in backup.folder.iterdir()}
    assert {name for name in found if not name.endswith(".age")} == {shelf.INDEX, shelf.SUMS}
    for content in found.values():
        for word in (b"secret-name", b"secret-content", b"core_page"):
            assert word not in content


def test_age_itself_opens_it_with_the_key_that_the_passphrase_stands_for(place, folders):
    backup = made(place, folders, PASSPHRASE)
    seal = backup.index().seal
    identity = pyrage.x25519.Identity.from_str(keys.derived_key(PASSPHRASE.passphrase, seal.salt))
    plain = pyrage.decrypt(backup.path(shelf.DATABASE).read_bytes(), [identity])
    assert gzip.decompress(plain).decode().endswith(TAIL)


@pytest.mark.parametrize(
    ("written", "read", "message"),
    [
        (PASSPHRASE, Keyring(passphrase="another"), "does not open 20261121-120000. Nothing was changed"),
        (PASSPHRASE, NO_KEY, "give it as --passphrase-file"),
        (KEYS, NO_KEY, "give the private key as --identity"),
        (KEYS, Keyring(identities=(str(pyrage.x25519.Identity.generate()),)), "does not open 20261121-120000"),
        (KEYS, Keyring(identities=("nonsense",)), "is not one of age"),
    ],
)
def test_says_when_the_key_is_wrong(place, folders, written, read, message):
    backup = made(place, folders, written)
    with pytest.raises(BackupError, match=message):
        backup.contents(read)


def test_a_public_key_that_is_none_stops_the_backup(place, folders):
    with pytest.raises(BackupError, match="is not a public key of age"):
        made(place, folders, Keyring(recipients=("age1nonsense",)))
    assert left(place) == []


@pytest.mark.parametrize("part", [shelf.DATABASE, shelf.FILES, shelf.CONTENTS, shelf.INDEX, shelf.SUMS])
def test_finds_one_wrong_byte_and_a_missing_file(place, folders, part):
    backup = made(place, folders)
    path = backup.folder / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(BackupError, match=r"damaged|is missing"):
        backup.check_sums()
    path.unlink()
    with pytest.raises(BackupError, match=f"{part} of 20261121-120000 is missing"):
        backup.check_sums()


@pytest.mark.parametrize("keyring", [NO_KEY, PASSPHRASE], ids=["plain", "passphrase"])
def test_reading_what_is_damaged_ends_in_words(place, folders, keyring):
    """Also where nobody compared the checksums first."""
    backup = made(place, folders, keyring)
    seal = backup.index().seal
    path = backup.path(shelf.DATABASE)
    path.write_bytes(path.read_bytes()[:-200])
    with (
        pytest.raises(BackupError, match="damaged"),
        parts.reading(path, keyring=keyring, seal=seal) as source,
    ):
        parts.copied(source, io.BytesIO())


@pytest.mark.parametrize("keyring", [NO_KEY, PASSPHRASE], ids=["plain", "passphrase"])
def test_a_full_disk_leaves_nothing_and_says_so(place, folders, keyring, monkeypatch):
    earlier = made(place, folders, dump=HEAD + TAIL.replace("12:00:00", "11:00:00"))
    writes = itertools.count()
    write = parts._Summing.write

    def full(self, data):
        if next(writes) == 3:
            self.failure = OSError(errno.ENOSPC, "No space left on device")
            raise self.failure
        return write(self, data)

    monkeypatch.setattr(parts._Summing, "write", full)
    with pytest.raises(BackupError, match="the disk is full"):
        made(place, folders, keyring)
    assert left(place) == [earlier.name]


@pytest.mark.parametrize(
    ("dump", "message"),
    [
        (HEAD + ROWS, "ended early"),
        (HEAD + ROWS + TAIL.replace("-- backup: end\n", ""), "ended early"),
        ("", "ended early"),
        (HEAD.replace("691", "700") + ROWS + TAIL, "different moments"),
        (ROWS + TAIL, "different moments"),
    ],
)
def test_a_dump_that_broke_off_is_no_backup(place, folders, dump, message):
    with pytest.raises(BackupError, match=message):
        made(place, folders, dump=dump)
    assert left(place) == []


def test_what_an_interrupted_one_left_is_swept(place, folders):
    (place.folder / ".unfinished-x").mkdir()
    backup = made(place, folders)
    assert left(place) == [backup.name]


def test_secrets_only_encrypted(place, folders, tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret_key").write_text("hush")
    settings = {"secrets": tmp_path / "secrets"}
    with pytest.raises(BackupError, match="only kept encrypted"):
        made(place, folders, settings=settings, with_secrets=True)
    backup = made(place, folders, PASSPHRASE, settings=settings, with_secrets=True)
    with parts.reading(backup.path(shelf.SETTINGS), keyring=PASSPHRASE, seal=backup.index().seal) as source:
        assert list(files.sums(source)) == ["secrets/secret_key"]


# --- Files -----------------------------------------------------------------------------------------------------------


def unpacked(place, folders, targets):
    backup = made(place, folders)
    with parts.reading(backup.path(shelf.FILES), keyring=NO_KEY, seal=backup.index().seal) as source:
        return backup, files.unpack(source, targets)


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize("keep", [False, True])
def test_files_come_back_all_at_once(place, folders, tmp_path, keep):
    targets = {"media": tmp_path / "to" / "media", "private": tmp_path / "to" / "private"}
    (targets["media"] / "products").mkdir(parents=True)
    (targets["media"] / "products" / "of-today.jpg").write_bytes(b"today")
    (targets["media"] / "empty.txt").write_bytes(b"not empty")
    backup, found = unpacked(place, folders, targets)
    assert found == backup.contents(NO_KEY).files
    assert (targets["media"] / "empty.txt").read_bytes() == b"not empty", "nothing has changed yet"
    for folder in targets.values():
        files.take_over(folder, keep=keep)
    expected = tree(folders["media"]) | ({"products/of-today.jpg": b"today"} if keep else {})
    assert tree(targets["media"]) == expected
    assert tree(targets["private"]) == tree(folders["private"])


def test_what_is_restored_can_be_served_by_another_user(place, folders, settings):
    settings.BACKUP_DIR, settings.MEDIA_ROOT, settings.PRIVATE_ROOT = place.folder, folders["media"], folders["private"]
    made(place, folders)
    for verb in (("files", "latest"), ("take-over-files",)):
        call_command("backup", *verb, stderr=io.StringIO())
    for path in folders["media"].rglob("*"):
        wanted = 0o755 if path.is_dir() else 0o644
        assert path.stat().st_mode & 0o777 == wanted, path


def test_given_up_nothing_is_left(place, folders, tmp_path):
    targets = {"media": tmp_path / "to", "private": tmp_path / "too"}
    unpacked(place, folders, targets)
    for folder in targets.values():
        files.give_up(folder)
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "media/../../evil", "other/file"])
def test_no_file_leaves_its_folder(tmp_path, name):
    import tarfile

    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(BackupError, match="the backup holds"):
        files.unpack(io.BytesIO(sink.getvalue()), {"media": tmp_path / "media"})


def test_names_what_differs():
    one, other = files.File(1, "a"), files.File(1, "b")
    expected = {"same": one, "gone": one, "changed": one}
    assert files.differences(expected, {"same": one, "changed": other, "new": one}) == [
        "file changed has other contents",
        "file gone is missing",
        "file new is there and should not be",
    ]
    table = database.Table
    said = database.differences(
        {"a": table(1, "x"), "b": table(1, "x"), "c": table(1, "x"), "d": table(2, "x")},
        {"a": table(1, "x"), "b": table(2, "x"), "d": table(2, "y"), "e": table(0, "0")},
    )
    assert said == [
        "table b has 2 rows and should have 1",
        "table c is missing",
        "table d has the right number of rows (2), but other contents",
        "table e is there and should not be",
    ]


# --- Keeping ---------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday


def days(*numbers):
    return {NOON - timedelta(days=number) for number in numbers}


def test_keeps_the_newest_of_days_weeks_and_months():
    daily = days(*range(100))
    stay = retention.kept(daily, retention.Policy(daily=3, weekly=3, monthly=3))
    # Days 21, 20, 19; weeks' newest 21, 15 (Sunday), 8; months' newest 21 November, 31 October, 30 September.
    assert stay == days(0, 1, 2, 6, 13, 21, 52)


def test_of_one_day_the_newest_stays_but_of_the_last_day_all():
    hours = [NOON - timedelta(hours=number) for number in (0, 3, 23, 24, 30, 33)]
    assert retention.kept(hours, retention.Policy(1, 0, 0)) == set(hours[:3])
    assert retention.kept(hours, retention.Policy(2, 0, 0)) == set(hours[:3])
    assert retention.kept([*hours, NOON - timedelta(hours=40)], retention.Policy(3, 0, 0)) == {
        *hours[:3],
        NOON - timedelta(hours=40),
    }


def test_the_newest_stays_whatever_is_set():
    assert retention.kept(days(3, 4), retention.Policy(0, 0, 0)) == days(3)
    assert retention.kept([], retention.Policy(7, 4, 6)) == set()


def test_days_without_a_backup_count_for_nothing():
    assert retention.kept(days(0, 40, 80), retention.Policy(3, 0, 0)) == days(0, 40, 80)


def test_prunes_and_finds(place, folders):
    for day in ("19", "20", "21"):
        made(place, folders, dump=HEAD + TAIL.replace("2026-11-21", f"2026-11-{day}"))
    assert place.get("latest").name == "20261121-120000"
    assert place.before(datetime(2026, 11, 20, 13, tzinfo=UTC)).name == "20261120-120000"
    with pytest.raises(BackupError, match="no backup here is older"):
        place.before(datetime(2026, 11, 1, tzinfo=UTC))
    with pytest.raises(BackupError, match=r"there is no backup 20200101-000000 here\. The newest is 20261121-120000"):
        place.get("20200101-000000")
    assert place.prune(retention.Policy(2, 0, 0)) == ["20261119-120000"]
    assert left(place) == ["20261120-120000", "20261121-120000"]


def test_a_backup_of_a_newer_format_is_refused(place, folders):
    backup = made(place, folders)
    index = json.loads((backup.folder / shelf.INDEX).read_text())
    (backup.folder / shelf.INDEX).write_text(json.dumps(index | {"format": 99}))
    with pytest.raises(BackupError, match="made by a newer release"):
        backup.index()


def test_a_backup_of_a_newer_schema_is_looked_at_but_not_restored(place, folders, settings):
    settings.BACKUP_DIR = place.folder
    made(place, folders, dump=HEAD + ROWS + TAIL)
    call_command("backup", "check", "latest", "--to-restore", stdout=io.StringIO())
    newer = TAIL.replace("12:00:00", "13:00:00").replace("core 0001_initial", "core 9999_of_tomorrow")
    made(place, folders, dump=HEAD + ROWS + newer)
    call_command("backup", "check", "latest", stdout=io.StringIO())
    with pytest.raises(CommandError, match=r"does not know: core\.9999_of_tomorrow\. Deploy .*Nothing was changed"):
        call_command("backup", "check", "latest", "--to-restore", stdout=io.StringIO())


def test_lists_what_there_is(place, folders):
    backup = made(place, folders, PASSPHRASE)
    [line] = shelf.described(place.backups())
    assert "2 rows, 3 files  encrypted  not verified" in line
    backup.note_verified(problems=[], now=NOON)
    [line] = shelf.described(place.backups())
    assert "verified 2026-11-21 12:00" in line
    backup.note_verified(problems=["table a is missing"], now=NOON)
    [line] = shelf.described(place.backups())
    assert "VERIFY FAILED" in line


# --- Binary logs -----------------------------------------------------------------------------------------------------


def event(kind, body, *, seconds=1_800_000_000, end=0):
    header = binary_log.HEADER.pack(seconds, kind, 1, 0, end, 0)
    return binary_log._event(header, body)


def log_of(*raws):
    return io.BytesIO(binary_log.MAGIC + b"".join(raws))


FORMAT_EVENT = event(binary_log.FORMAT, b"\x04\x00" + b"9.7.4".ljust(50, b"\x00") + b"\x00" * 50 + b"\x01")


def gtid(moment):
    microseconds = (moment - binary_log.EPOCH) // timedelta(microseconds=1)
    return event(binary_log.GTID, b"\x00" * 42 + microseconds.to_bytes(7, "little"), end=5000)


def table_map(name, number=7):
    raw = name.encode()
    return event(
        binary_log.TABLE_MAP,
        number.to_bytes(6, "little") + b"\x01\x00" + bytes([len(raw)]) + raw + b"\x00" + b"\x01t\x00rest",
        end=5000,
    )


def rows(number=7, *, ends=True):
    return event(30, number.to_bytes(6, "little") + bytes([int(ends), 0]) + b"rows", end=5000)


def query(statement, name="hnm"):
    raw = name.encode()
    body = b"\x00" * 8 + bytes([len(raw)]) + b"\x00\x00" + b"\x00\x00" + raw + b"\x00" + statement.encode()
    return event(binary_log.QUERY, body, end=5000)


XID = event(binary_log.XID, b"\x01" + b"\x00" * 7, end=5000)
BEGIN = query("BEGIN")


def replayed(*raws, until=NOON, database="hnm"):
    replay = binary_log.Replay(database=database, into="other", until=until)
    sql = list(replay.sql(log_of(FORMAT_EVENT, *raws)))
    return replay, sql[2:]


def test_repeats_transactions_that_were_committed_before_the_moment():
    before, after = NOON - timedelta(microseconds=1), NOON
    transaction = (BEGIN, table_map("hnm"), rows(), XID)
    replay, sql = replayed(gtid(before), *transaction, gtid(after), *transaction)
    assert (replay.transactions, replay.last, replay.is_over) == (1, before, True)
    assert [line.split("'")[0].strip() for line in sql] == ["BEGIN;", "BINLOG", "COMMIT;"]


def test_leaves_other_databases_out_also_where_they_end_the_statement():
    begun = gtid(NOON - timedelta(seconds=1))
    replay, sql = replayed(begun, BEGIN, table_map("mysql"), rows(), XID, begun, query("DROP TABLE t", "mysql"))
    assert (replay.transactions, sql) == (0, [])
    both = (table_map("hnm", 7), table_map("mysql", 8), rows(7, ends=False), rows(8))
    _replay, sql = replayed(begun, BEGIN, *both, XID)
    [statement] = [line for line in sql if line.startswith("BINLOG")]
    import base64

    raws = base64.b64decode(statement.split("'")[1])
    _map, _slash, rest = raws.partition(b"rows")
    assert b"mysql" not in raws
    assert b"\x05other\x00" in raws
    assert binary_log._flags(raws[raws.index(b"rows") - 8 - 19 :]) & binary_log.STATEMENT_END
    assert len(rest) == 4


def test_changed_tables_come_as_their_statement():
    _replay, sql = replayed(gtid(NOON - timedelta(seconds=1)), query("ALTER TABLE t ADD x int"))
    assert sql[0] == "USE `other`;"
    assert "ALTER TABLE t ADD x int" in sql[-1]


def test_savepoints_stay_where_they_were():
    begun = gtid(NOON - timedelta(seconds=1))
    _replay, sql = replayed(begun, BEGIN, query("SAVEPOINT `s1`"), table_map("hnm"), rows(), XID)
    assert sql[:2] == ["BEGIN;", "SAVEPOINT `s1`;"]


@pytest.mark.parametrize(
    ("raws", "message"),
    [
        ((gtid(NOON)[:-1] + b"x",), "a checksum is wrong"),
        ((gtid(NOON)[:-9],), "in the middle of an event"),
        ((event(binary_log.PAYLOAD, b"", end=5000),), "compressed"),
    ],
)
def test_says_what_is_wrong_with_a_log(raws, message):
    with pytest.raises(BackupError, match=message):
        replayed(*raws)


def test_refuses_what_is_no_log():
    with pytest.raises(BackupError, match="no binary log"):
        list(binary_log.events(io.BytesIO(b"something else")))
