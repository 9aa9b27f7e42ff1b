"""``manage.py backup VERB``: what the scripts of backups (scripts/server/backup, restore, backup-verify) call.

The dump comes in on stdin and goes out on stdout; the database is theirs to talk to.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from hnmproject import compatibility
from hnmproject.backups import binary_log, database, files, keys, logs, making, parts, retention, s3
from hnmproject.backups import shelf as shelves
from hnmproject.backups.errors import BackupError, explained
from hnmproject.backups.shelf import Backup, Shelf

RESTORING = {"files", "take-over-files"}
SHOWN = 20  # differences that are printed


class Command(BaseCommand):
    help = "Makes, reads and compares backups. Operators use make backup, backups, restore and backup-verify."
    # It must work where there is no database.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for name, (describe, arguments) in VERBS.items():
            verb = verbs.add_parser(name, help=describe)
            for flag in arguments:
                verb.add_argument(flag, **ARGUMENTS[flag])

    def handle(self, *args: Any, **options: Any) -> None:
        # Who operates the server has the group. What is restored is read by nginx too, which is another user.
        before = os.umask(0o022 if options["verb"] in RESTORING else 0o007)
        verb: Callable[..., None] = getattr(self, "_" + options["verb"].replace("-", "_"))
        try:
            verb(options)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(str(explained(error))) from error
        finally:
            os.umask(before)

    @property
    def place(self) -> Shelf:
        return Shelf(Path(settings.BACKUP_DIR or settings.VAR_DIR / "backups"))

    def _say(self, text: str) -> None:
        """To stderr: stdout may be a dump."""
        self.stderr.write(text)

    # --- Making ------------------------------------------------------------------------------------------------------

    def _create(self, options: dict[str, Any]) -> None:
        backup = making.make(
            place=self.place,
            dump=sys.stdin.buffer,
            folders=_folders(),
            settings={path.name: path for path in sorted((options["configuration"] or Path("/nowhere")).glob("*"))},
            keyring=_keyring(options),
            release=settings.RELEASE,
            with_secrets=options["with_secrets"],
            after_restore=options["after_restore"],
        )
        index = backup.index()
        self._say(
            f"{index.tables} tables with {index.rows} rows, {index.files} files: "
            f"{shelves.sizes_said(sum(index.sizes.values()))}, as {shelves.sizes_said(backup.size)} in {backup.name}"
        )
        self.stdout.write(backup.name)

    def _prune(self, options: dict[str, Any]) -> None:
        gone = self.place.prune(_policy())
        gone += logs.prune(self.place, days=settings.BACKUP_KEEP_DAILY)
        if gone:
            self._say(f"Deleted, as the retention says: {', '.join(gone)}")

    def _to_prune(self, options: dict[str, Any]) -> None:
        """Names on stdin, as another host lists them; those that need not stay, on stdout."""
        there = [Backup(Path(name)) for name in sys.stdin.read().split() if shelves.NAME.match(name)]
        stay = retention.kept((backup.made for backup in there), _policy())
        for backup in there:
            if backup.made not in stay:
                self.stdout.write(backup.name)

    def _keep_logs(self, options: dict[str, Any]) -> None:
        names = logs.keep(place=self.place, frames=sys.stdin.buffer, keyring=_keyring(options))
        self._say(f"{len(names)} binary logs were kept")

    def _known_logs(self, options: dict[str, Any]) -> None:
        self.stdout.write("\n".join(logs.known(self.place)))

    # --- Looking -----------------------------------------------------------------------------------------------------

    def _list(self, options: dict[str, Any]) -> None:
        backups = self.place.backups()
        for line in shelves.described(backups):
            self.stdout.write(line)
        if not backups:
            self.stdout.write("There is no backup yet: make backup makes one.")

    def _name(self, options: dict[str, Any]) -> None:
        """Which backup is meant; before a moment, where one is given."""
        if options["until"] and options["name"] == "latest":
            self.stdout.write(self.place.before(_moment(options)).name)
        else:
            self.stdout.write(self.place.get(options["name"]).name)

    def _check(self, options: dict[str, Any]) -> None:
        """All that can be known before anything is changed. Prints how many bytes its restoring takes."""
        backup = self.place.get(options["name"])
        backup.check_sums()
        contents = backup.contents(_keyring(options))
        index = backup.index()
        if options["to_restore"]:
            _check_migrations(backup.name, index.release, contents.migrations)
        if options["until"]:
            self._check_way(backup, _moment(options))
        self._say(
            f"{backup.name}: release {index.release}, {index.rows} rows in {index.tables} tables, "
            f"{len(contents.files)} files; complete and readable"
        )
        self.stdout.write(f"{index.sizes[shelves.DATABASE]} {index.sizes[shelves.FILES]} {index.mysql}")

    def _check_way(self, backup: Backup, until: datetime) -> None:
        index = backup.index()
        if until <= index.made:
            raise BackupError(f"{backup.name} was made after {until:%Y-%m-%d %H:%M:%S} UTC: leave its name out.")
        for other in self.place.backups():
            if other.index().after_restore and index.made < other.index().made <= until:
                raise BackupError(
                    f"between {backup.name} and that moment another backup was restored: leave its name out."
                )
        logs.check_way(place=self.place, position=index.position, until=until)

    def _key(self, options: dict[str, Any]) -> None:
        """The key that the passphrase stands for, for the command-line tool age."""
        seal = self.place.get(options["name"]).index().seal
        if seal.kind != keys.PASSPHRASE:
            raise BackupError("this backup is not encrypted with a passphrase.")
        self.stdout.write(keys.derived_key(_keyring(options).passphrase, seal.salt))

    # --- Restoring ---------------------------------------------------------------------------------------------------

    def _database(self, options: dict[str, Any]) -> None:
        """The dump, on stdout."""
        backup, keyring = self.place.get(options["name"]), _keyring(options)
        with parts.reading(backup.path(shelves.DATABASE), keyring=keyring, seal=backup.index().seal) as source:
            parts.copied(source, sys.stdout.buffer)
        sys.stdout.buffer.flush()

    def _replay(self, options: dict[str, Any]) -> None:
        """What happened from the backup to a moment, as SQL, on stdout."""
        index = self.place.get(options["name"]).index()
        replay = binary_log.Replay(database=index.database, into=options["into"], until=_moment(options))
        sql = logs.replay(place=self.place, position=index.position, replay=replay, keyring=_keyring(options))
        for statement in sql:
            sys.stdout.buffer.write(statement.encode() + b"\n")
        sys.stdout.buffer.flush()
        last = f", the last at {replay.last:%H:%M:%S.%f}" if replay.last else ""
        self._say(f"{replay.transactions} transactions after the backup{last}")

    def _compare_tables(self, options: dict[str, Any]) -> None:
        """What a restored database says of itself, on stdin, with what the backup says."""
        backup = self.place.get(options["name"])
        found = database.described(sys.stdin)
        problems = database.differences(backup.contents(_keyring(options)).tables, found.tables)
        if not found.is_complete:
            problems.append("the restored database did not answer to the end")
        self._report(backup, problems, options, of=f"{len(found.tables)} tables, every row")

    def _compare_files(self, options: dict[str, Any]) -> None:
        """The files in the backup with what it says of them."""
        backup, keyring = self.place.get(options["name"]), _keyring(options)
        with parts.reading(backup.path(shelves.FILES), keyring=keyring, seal=backup.index().seal) as source:
            found = files.sums(source)
        self._report(
            backup,
            files.differences(backup.contents(keyring).files, found),
            options,
            of=f"{len(found)} files, every byte",
        )

    def _report(self, backup: Backup, problems: list[str], options: dict[str, Any], *, of: str) -> None:
        for problem in problems[:SHOWN]:
            self._say(f"  {problem}")
        if problems and options["note"]:
            backup.note_verified(problems=problems, now=datetime.now(UTC))
        if problems:
            raise BackupError(f"{backup.name} differs from what was backed up, in {len(problems)} places.")
        self._say(f"Equal: {of}")

    def _verified(self, options: dict[str, Any]) -> None:
        """Note that all comparisons found it equal."""
        self.place.get(options["name"]).note_verified(problems=[], now=datetime.now(UTC))

    def _files(self, options: dict[str, Any]) -> None:
        """Write the files beside those of today, and compare them."""
        backup, keyring = self.place.get(options["name"]), _keyring(options)
        try:
            with parts.reading(backup.path(shelves.FILES), keyring=keyring, seal=backup.index().seal) as source:
                found = files.unpack(source, _folders())
            problems = files.differences(backup.contents(keyring).files, found)
            if problems:
                raise BackupError(f"the files are not as they were backed up: {problems[0]}. Nothing was changed.")
        except BaseException:
            self._give_up_files(options)
            raise
        self._say(f"{len(found)} files were read")

    def _take_over_files(self, options: dict[str, Any]) -> None:
        for folder in _folders().values():
            files.take_over(folder, keep=options["keep"])

    def _give_up_files(self, options: dict[str, Any]) -> None:
        for folder in _folders().values():
            files.give_up(folder)

    def _count_files(self, options: dict[str, Any]) -> None:
        """How many there are now, and how many bytes are free for more."""
        number = sum(
            1 for folder in _folders().values() if folder.is_dir() for path in folder.rglob("*") if path.is_file()
        )
        self.stdout.write(f"{number} {shutil.disk_usage(settings.MEDIA_ROOT).free}")

    def _settings(self, options: dict[str, Any]) -> None:
        """The settings that were backed up, as a tar on stdout."""
        backup, keyring = self.place.get(options["name"]), _keyring(options)
        if shelves.SETTINGS not in backup.index().sizes:
            raise BackupError(f"{backup.name} holds no settings.")
        with parts.reading(backup.path(shelves.SETTINGS), keyring=keyring, seal=backup.index().seal) as source:
            parts.copied(source, sys.stdout.buffer)
        sys.stdout.buffer.flush()

    # --- Elsewhere ---------------------------------------------------------------------------------------------------

    def _upload(self, options: dict[str, Any]) -> None:
        """To the bucket, where one is set: the newest backup where it is not there yet, and the logs."""
        if not settings.BACKUP_S3_BUCKET:
            return
        bucket, newest = s3.Bucket(), self.place.newest()
        if newest and newest.name not in bucket.backups():
            bucket.upload(newest)
            self._say(f"Uploaded {newest.name} to the bucket {bucket.name}")
        number = bucket.upload_logs(self.place)
        gone = bucket.prune(_policy(), self.place)
        if number or gone:
            self._say(f"Uploaded {number} files of binary logs; deleted there: {', '.join(gone) or 'nothing'}")

    def _download(self, options: dict[str, Any]) -> None:
        if not settings.BACKUP_S3_BUCKET:
            raise BackupError("BACKUP_S3_BUCKET is not set.")
        bucket = s3.Bucket()
        backup = bucket.download(options["name"], self.place)
        bucket.download_logs(self.place)
        self.stdout.write(backup.name)


def _check_migrations(name: str, release: str, migrations: list[str]) -> None:
    """Raises BackupError where the backup is of a newer schema, which this release would misread."""
    applied = {(app, migration) for app, _dot, migration in (line.partition(".") for line in migrations)}
    unknown = compatibility.unknown(MigrationLoader(None), applied)
    if unknown:
        raise BackupError(
            f"{name} was made by release {release}, whose database has migrations that this release does not know: "
            f"{', '.join('.'.join(key) for key in unknown)}. Deploy that release or a later one, then restore. "
            "Nothing was changed."
        )


ARGUMENTS: dict[str, dict[str, Any]] = {
    "name": {"help": "a backup, or “latest”"},
    "--configuration": {"type": Path, "help": "a folder whose folders are kept as settings"},
    "--with-secrets": {"action": "store_true", "help": "the settings hold secrets; only where it is encrypted"},
    "--after-restore": {"action": "store_true", "help": "the first after a restore: no way leads across it"},
    "--to-restore": {"action": "store_true", "help": "also whether this release knows its schema"},
    "--until": {"help": "a moment in UTC, as “2026-11-21 12:00:00”"},
    "--into": {"help": "the database that the changes go into"},
    "--keep": {"action": "store_true", "help": "keep the files that the backup does not have"},
    "--note": {"action": "store_true", "help": "record differences as the result of a verification"},
    "--passphrase-file": {"type": Path, "help": "a file with the passphrase, in place of BACKUP_PASSPHRASE"},
    "--identity": {"type": Path, "help": "a file with the private key of age, in place of BACKUP_AGE_IDENTITY"},
}
KEY = ("--passphrase-file", "--identity")
VERBS: dict[str, tuple[str, tuple[str, ...]]] = {
    "create": ("a backup of the dump on stdin", ("--configuration", "--with-secrets", "--after-restore", *KEY)),
    "prune": ("delete what the retention does not keep", ()),
    "to-prune": ("of the names on stdin, those that the retention does not keep", ()),
    "keep-logs": ("keep the binary logs on stdin", KEY),
    "known-logs": ("the binary logs that are kept", ()),
    "list": ("all backups, newest first", ()),
    "name": ("which backup is meant", ("name", "--until")),
    "check": ("whether it is complete, undamaged and readable", ("name", "--until", "--to-restore", *KEY)),
    "key": ("the key that the passphrase stands for, for the tool age", ("name", *KEY)),
    "database": ("the dump, on stdout", ("name", *KEY)),
    "replay": ("the changes from the backup to a moment, as SQL on stdout", ("name", "--until", "--into", *KEY)),
    "compare-tables": ("the description of a database on stdin with the backup", ("name", "--note", *KEY)),
    "compare-files": ("the files in the backup with their sums", ("name", "--note", *KEY)),
    "verified": ("note that it was found equal", ("name",)),
    "files": ("read the files, beside those of today", ("name", *KEY)),
    "take-over-files": ("put the files that were read in their place", ("--keep",)),
    "give-up-files": ("forget the files that were read", ()),
    "count-files": ("how many files there are, and the free bytes", ()),
    "settings": ("the settings, as a tar on stdout", ("name", *KEY)),
    "upload": ("the newest backup and the logs to the bucket", ()),
    "download": ("a backup and the logs from the bucket", ("name",)),
}


def _folders() -> dict[str, Path]:
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(settings.PRIVATE_ROOT)}


def _policy() -> retention.Policy:
    return retention.Policy(settings.BACKUP_KEEP_DAILY, settings.BACKUP_KEEP_WEEKLY, settings.BACKUP_KEEP_MONTHLY)


def _keyring(options: dict[str, Any]) -> keys.Keyring:
    passphrase, identity = settings.BACKUP_PASSPHRASE, settings.BACKUP_AGE_IDENTITY
    if options.get("passphrase_file"):
        passphrase = _text(options["passphrase_file"]).rstrip("\r\n")
    if options.get("identity"):
        identity = _text(options["identity"])
    return keys.Keyring(
        passphrase=passphrase,
        recipients=tuple(settings.BACKUP_AGE_RECIPIENTS),
        identities=keys.identities_in(identity),
    )


def _text(path: Path) -> str:
    return sys.stdin.read() if str(path) == "-" else path.read_text()


def _moment(options: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(options["until"])
    except ValueError as error:
        raise BackupError(f"{options['until']!r} is no moment: write it as “2026-11-21 12:00:00”, in UTC.") from error
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > datetime.now(UTC):
        raise BackupError(f"{moment:%Y-%m-%d %H:%M:%S} UTC has not come yet.")
    return moment
