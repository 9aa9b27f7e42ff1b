"""Backups on production's stack: taken under load, everything destroyed, restored, compared; and all that can go wrong.

The order matters: what destroys the shop comes last.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.environment import free_port, wait_until
from tests.stack.production import Production
from tests.stack.server import machine_image
from tests.stack.stack import REPOSITORY

Tell = Callable[[str], None]
DUMP = 'MYSQL_PWD="$(cat /run/secrets/mysql_root_password)" mysqldump --user=root'
ROOT = 'MYSQL_PWD="$(cat /run/secrets/mysql_root_password)" mysql --user=root --batch --skip-column-names'
NOTHING_OLD = {"BACKUP_KEEP_DAILY": "1", "BACKUP_KEEP_WEEKLY": "0", "BACKUP_KEEP_MONTHLY": "0"}
# What the shop notes of its own processes while it runs.
OWN = ("tasks_process", "tasks_lease", "django_celery_beat", "tasks_backupwatch", "tasks_job", "django_session")
PASSPHRASE = "a long way home"
WRITE = """
import itertools, os, time
from pathlib import Path
from django.conf import settings
from django.db import transaction
from core.models import ContactMessage, Tag
for number in itertools.count():
    with transaction.atomic():
        Tag.objects.create(name=f"load {os.getpid()} {number}", slug=f"load-{os.getpid()}-{number}")
        ContactMessage.objects.create(name="Load", email="load@example.com", subject="x", message="y" * 200)
    folder = settings.PRIVATE_ROOT / "load"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number}.txt").write_text(str(number))
    if Path("/tmp/stop").exists():
        break
    time.sleep(0.005)
print(number)
"""


class Shop(Production):
    """Production with what only these tests need."""

    def settings(self, **values: str) -> None:
        path = self.folder / "config/env"
        lines = [line for line in path.read_text().splitlines() if line.split("=")[0] not in values]
        path.write_text("".join(f"{line}\n" for line in [*lines, *(f"{key}={value}" for key, value in values.items())]))

    def sql(self, statement: str, *, database: str = "hnm") -> str:
        return self.execute("db", "sh", "-c", f'{ROOT} {database} --execute="$1"', "sql", statement).strip()

    def backup(self, *arguments: str) -> str:
        said = self.script("backup", *arguments, seconds=300)
        found = re.search(r"^(\d{8}-\d{6}) is ready", said, re.MULTILINE)
        assert found, said
        return found[1]

    def fails(self, script: str, *arguments: str) -> str:
        """What it says while it fails; that it does fail."""
        result = subprocess.run(
            [str(REPOSITORY / "scripts/server" / script), *arguments], env=self.environment, cwd=REPOSITORY,
            capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert result.returncode != 0, result.stdout + result.stderr
        return result.stdout + result.stderr

    def state(self) -> dict[str, str]:
        """Every row of every table as mysqldump writes it, and every file's sum: not by our code."""
        options = "--set-gtid-purged=OFF --no-tablespaces --no-create-info --skip-triggers --compact --hex-blob"
        each = (
            f'echo "table $table"; {DUMP} --skip-extended-insert --order-by-primary {options} hnm "$table" </dev/null'
        )
        said = self.execute("db", "sh", "-c", f"{ROOT} -e 'SHOW TABLES' hnm | while read -r table; do {each}; done")
        tables = dict(part.partition("\n")[::2] for part in f"\n{said}".split("\ntable ")[1:])
        files = self.compose(
            "run", "--rm", "--no-deps", "-T", "backup", "sh", "-c",
            "cd /srv && find media var/private -type f -exec sha256sum {} +",
        )  # fmt: skip
        rows = {name: text for name, text in tables.items() if not name.startswith(OWN)}
        assert len(rows) > 40, said[:500]
        return {**rows, **{line[66:]: line[:64] for line in files.splitlines()}}

    @property
    def shelf(self) -> Path:
        return self.folder / "backups"

    def names(self) -> list[str]:
        return sorted(path.name for path in self.shelf.iterdir() if re.match(r"^\d{8}-\d{6}$", path.name))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, tell: Tell) -> Iterator[Shop]:
    assert shutil.which("docker"), "These tests need a Docker engine: `make test-stack` says how to get one."
    folder = tmp_path_factory.mktemp("backups")
    for parent in (folder, *folder.parents):
        if parent.owner() == folder.owner() and parent.name.startswith(("pytest-", "backups")):
            parent.chmod(0o755)
    shop = Shop(folder=folder, project=f"hnm-backup-{secrets.token_hex(3)}")
    shop.prepare(valid_for=3600)
    shop.shelf.chmod(0o2775)
    (folder / "extra.yml").write_text('services: {backup: {extra_hosts: ["host.docker.internal:host-gateway"]}}\n')
    shop.settings(TLS="off", ALLOWED_HOSTS="shop.test,localhost", SITE_URL="https://shop.test")
    shop.extra |= {"IMAGE": f"{shop.project}:one", "COMPOSE_PROFILES": "blue,workers"}
    try:
        shop.build()
        shop.script("proxy", "install")
        shop.compose("up", "--detach", "--wait", "db", "redis", "cache")
        shop.compose("run", "--rm", "migrate")
        shop.compose("up", "--detach", "--wait")
        shop.execute("web-blue", "python", "manage.py", "demo", "--force", "--pixels", "100")
        yield shop
    except BaseException:
        print(shop.compose("ps", "--all", check=False))
        print(shop.compose("logs", "--no-color", "--tail", "30", check=False))
        raise
    finally:
        shop.destroy()


@pytest.fixture(scope="module")
def plain(shop: Shop, tell: Tell) -> str:
    """A backup without encryption, taken while rows and files are written."""
    outcome: list[str] = []
    writer = threading.Thread(
        target=lambda: outcome.append(shop.execute("web-blue", "python", "manage.py", "shell", "-v", "0", "-c", WRITE))
    )
    writer.start()
    wait_until(
        lambda: int(shop.sql("SELECT COUNT(*) FROM core_tag WHERE name LIKE 'load %'")) > 20, seconds=60, what="load"
    )
    started, before = time.monotonic(), int(shop.sql("SELECT COUNT(*) FROM core_tag"))
    name = shop.backup()
    seconds, after = time.monotonic() - started, int(shop.sql("SELECT COUNT(*) FROM core_tag"))
    shop.execute("web-blue", "touch", "/tmp/stop")
    writer.join(60)
    assert outcome, "the writer ended well"
    assert after > before, "it wrote while the backup was taken"
    tell(f"Backup: {seconds:.0f} s while {after - before} transactions were written")
    return name


def test_a_backup_under_load_is_of_one_moment(shop: Shop, plain: str, tell: Tell):
    """Restored beside the shop, every row that its counts name is there; and both tables of one transaction agree."""
    started = time.monotonic()
    said = shop.script("backup-verify", plain, seconds=300)
    assert re.search(r"Equal: \d+ tables, every row", said) or "can be relied on" in said
    tell(f"Backup: verified in {time.monotonic() - started:.0f} s")
    with gzip.open(shop.shelf / plain / "database.sql.gz", "rt", errors="replace") as dump:
        said = re.findall(r"^-- backup: table (\S+) (\d+) (\S+)$", dump.read(), re.MULTILINE)
    rows = {table: int(count) for table, count, _sum in said}
    sums = {int(checksum, 16) for _table, count, checksum in said if count != "0"}
    assert max(sums) >= 2**63, "all 64 bits count"
    assert len(sums) > len([count for count in rows.values() if count]) * 0.9, "and no two tables are alike"
    assert rows["core_contactmessage"] > 20
    index = json.loads((shop.shelf / plain / "backup.json").read_text())
    assert (index["tables"], index["rows"]) == (len(rows), sum(rows.values()))
    assert json.loads((shop.shelf / plain / "verified.json").read_text())["problems"] == []
    assert not subprocess.run(
        ["docker", "ps", "-aq", "--filter", f"name=backup-verify-{shop.project}"], capture_output=True, check=True
    ).stdout
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=shop.shelf / plain, check=True, capture_output=True
    )


def test_verification_finds_a_planted_difference(shop: Shop, plain: str):
    """All checksums fit, as if the dump had been wrong from the start: only restoring and comparing shows it."""
    planted = shop.shelf / "20200101-000000"
    shutil.copytree(shop.shelf / plain, planted)
    try:
        text = (
            gzip.decompress((planted / "database.sql.gz").read_bytes())
            .replace(b"Hearth", b"Hearts")
            .replace(b"load@example", b"lead@example")
        )
        assert text.count(b"lead@example") > 20, text.count(b"core_contactmessage")
        (planted / "database.sql.gz").write_bytes(gzip.compress(text))
        sums = [
            f"{hashlib.sha256((planted / name).read_bytes()).hexdigest()}  {name}\n"
            for name in ("backup.json", "contents.json.gz", "database.sql.gz", "files.tar", "settings.tar")
        ]
        (planted / "SHA256SUMS").write_text("".join(sums))
        said = shop.fails("backup-verify", planted.name)
        assert re.search(r"table core_contactmessage has the right number of rows \(\d+\), but other contents", said)
        assert "cannot be relied on" in said
        assert json.loads((planted / "verified.json").read_text())["problems"]
    finally:
        shutil.rmtree(planted)


def test_damaged_missing_and_full_change_nothing(shop: Shop, plain: str):
    before = shop.state()
    broken = shop.shelf / "20200101-000000"
    shutil.copytree(shop.shelf / plain, broken)
    overwrite = ("--force-overwrite", "--confirm", shop.project)
    try:
        content = bytearray((broken / "files.tar").read_bytes())
        content[len(content) // 2] ^= 1
        (broken / "files.tar").write_bytes(content)
        assert "files.tar of 20200101-000000 is damaged. Nothing was changed." in shop.fails(
            "restore", broken.name, *overwrite
        )
        (broken / "files.tar").unlink()
        assert "files.tar of 20200101-000000 is missing. Nothing was changed." in shop.fails(
            "restore", broken.name, *overwrite
        )
    finally:
        shutil.rmtree(broken)
    assert "there is no backup 19990101-000000 here" in shop.fails("restore", "19990101-000000", *overwrite)
    assert "this shop is not empty" in shop.fails("restore", plain)
    assert "is not “" in shop.fails("restore", plain, "--force-overwrite", "--confirm", "another-shop")
    assert "has not come yet" in shop.fails("restore", "--until", "2099-01-01 00:00:00", *overwrite)
    assert _different(before, shop.state()) == []
    assert shop.sql("SHOW DATABASES LIKE 'hnm_%'") == ""


def test_a_full_disk_is_said_and_changes_nothing(shop: Shop, plain: str):
    """A small file system in the shelf's place, which fills up in the middle of the dump."""
    small = "{type: tmpfs, target: /srv/backups, tmpfs: {size: 32768, mode: 0o1777}}"
    (shop.folder / "full.yml").write_text(f"services: {{backup: {{volumes: [{small}]}}}}\n")
    shop.extra["COMPOSE_EXTRA_FILE"] = str(shop.folder / "full.yml")
    try:
        said = shop.fails("backup")
    finally:
        del shop.extra["COMPOSE_EXTRA_FILE"]
    assert "the disk is full" in said, said
    assert "Those of before are untouched" in said
    assert plain in shop.names()


def test_encrypted_with_secrets_and_the_wrong_passphrase(shop: Shop, plain: str):
    assert "secrets are only kept encrypted" in shop.fails("backup", "--with-secrets")
    secret = shop.folder / "secrets/backup_passphrase"
    secret.write_text(PASSPHRASE + "\n")
    try:
        name = shop.backup("--with-secrets")
        assert {path.suffix for path in (shop.shelf / name).iterdir()} == {".age", ".json", ""}
        (shop.folder / "wrong").write_text("not this one")
        (shop.folder / "wrong").chmod(0o644)
        said = shop.fails(
            "restore",
            name,
            "--force-overwrite",
            "--confirm",
            shop.project,
            "--passphrase-file",
            str(shop.folder / "wrong"),
        )
        assert f"the passphrase or key does not open {name}. Nothing was changed." in said
        shop.script("restore", name, "--settings", str(shop.folder / "restored"))
        assert (shop.folder / "restored/secrets/secret_key").read_text() == (
            shop.folder / "secrets/secret_key"
        ).read_text()
        assert (shop.folder / "restored/config/env").read_text() == (shop.folder / "config/env").read_text()
    finally:
        secret.write_text("")
    # The tests that follow have no passphrase, so this one would be in their way as the newest.
    shutil.rmtree(shop.shelf / name)


def test_to_a_bucket_and_by_the_same_retention(shop: Shop, plain: str):
    pytest.importorskip("moto")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="0.0.0.0", port=free_port(), verbose=False)
    server.start()
    try:
        _host, port = server.get_host_and_port()
        import boto3

        client = boto3.client(
            "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
            aws_access_key_id="testing", aws_secret_access_key="testing",
        )  # fmt: skip
        client.create_bucket(Bucket="backups")
        shop.settings(
            BACKUP_S3_BUCKET="backups", BACKUP_S3_ENDPOINT=f"http://host.docker.internal:{port}",
            BACKUP_S3_ACCESS_KEY="testing", **NOTHING_OLD,
        )  # fmt: skip
        (shop.folder / "secrets/backup_s3_secret_key").write_text("testing")
        old = shop.shelf / "20200101-000000"
        shutil.copytree(shop.shelf / plain, old)
        name = shop.backup()
        assert not old.exists()
        assert plain in shop.names(), "those of the last day stay"
        keys = {entry["Key"] for entry in client.list_objects_v2(Bucket="backups")["Contents"]}
        assert f"{name}/SHA256SUMS" in keys
        assert any(key.startswith("logs/") for key in keys)
        shutil.move(shop.shelf / name, shop.folder / "aside")
        said = shop.script("restore", "latest", "--from", "s3", "--dry-run")
        assert f"Would restore {name}" in said
        assert name in shop.names()
        shutil.rmtree(shop.folder / "aside")
    finally:
        server.stop()
        shop.settings(BACKUP_S3_BUCKET="", **dict.fromkeys(NOTHING_OLD, "7"))


def test_to_another_host_by_ssh(shop: Shop, plain: str):
    name = f"{shop.project}-other"
    key = shop.folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    start = (
        "install -d -m 700 -o deploy -g deploy /home/deploy/.ssh;"
        " printf '%s\\n' \"$KEY\" >/home/deploy/.ssh/authorized_keys; chown deploy /home/deploy/.ssh/authorized_keys;"
        " ssh-keygen -A >/dev/null; exec /usr/sbin/sshd -D -e"
    )
    subprocess.run(
        ["docker", "run", "--detach", "--name", name, "--env", f"KEY={key.with_suffix('.pub').read_text()}",
         "--entrypoint", "sh", machine_image(), "-c", start],
        check=True, capture_output=True,
    )  # fmt: skip
    try:
        format_ = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        address = subprocess.run(
            ["docker", "inspect", "--format", format_, name], capture_output=True, text=True, check=True
        ).stdout.strip()
        (shop.folder / "ssh_config").write_text(
            f"Host *\n  IdentityFile {key}\n  UserKnownHostsFile {shop.folder}/known\n"
            "  StrictHostKeyChecking accept-new\n  LogLevel ERROR\n"
        )
        shop.settings(
            BACKUP_SSH_TARGET=f"deploy@{address}:/home/deploy/kept here",
            BACKUP_SSH_CONFIG=str(shop.folder / "ssh_config"),
        )
        wait_until(lambda: _answers(shop, address), seconds=30, what="the other host")
        backup = shop.backup()
        look = "cd '/home/deploy/kept here' && ls && cd 2* && sha256sum -c SHA256SUMS"
        there = subprocess.run(
            ["docker", "exec", name, "sh", "-c", look],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert backup in there
        assert "logs" in there
        assert "database.sql.gz: OK" in there
        shutil.rmtree(shop.shelf / backup)
        assert f"Would restore {backup}" in shop.script("restore", "--from", "ssh", "--dry-run")
        subprocess.run(["docker", "stop", "--time", "1", name], check=True, capture_output=True)
        said = shop.fails("backup")
        assert "is whole and here, but could not be copied" in said
    finally:
        shop.settings(BACKUP_SSH_TARGET="")
        subprocess.run(["docker", "rm", "--force", "--volumes", name], check=False, capture_output=True)


def _answers(shop: Shop, address: str) -> bool:
    return not subprocess.run(
        ["ssh", "-F", str(shop.folder / "ssh_config"), f"deploy@{address}", "true"],
        capture_output=True, stdin=subprocess.DEVNULL, check=False,
    ).returncode  # fmt: skip


def test_back_to_a_second(shop: Shop, tell: Tell):
    """With rows, savepoints, a changed table and a deleted row between."""
    shop.backup()
    shop.sql("UPDATE core_testimonial SET quote = 'changed' LIMIT 3")
    shop.sql(
        "START TRANSACTION; SAVEPOINT a; DELETE FROM core_testimonial; ROLLBACK TO a; "
        "INSERT INTO core_tag (name, slug) VALUES ('ünder', 'under'); COMMIT"
    )
    shop.sql("ALTER TABLE core_tag ADD COLUMN drill INT NOT NULL DEFAULT 7")
    shop.sql("UPDATE core_tag SET drill = 8 WHERE slug = 'under'")
    wanted = shop.sql("CHECKSUM TABLE core_testimonial, core_tag")
    time.sleep(1.1)
    until = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    time.sleep(1)
    shop.sql("INSERT INTO core_tag (name, slug) VALUES ('after', 'after'); DELETE FROM core_testimonial")
    started = time.monotonic()
    shop.script("restore", "--until", until, "--force-overwrite", "--confirm", shop.project, seconds=600)
    tell(f"Backup: back to a second in {time.monotonic() - started:.0f} s")
    assert shop.sql("SELECT drill FROM core_tag WHERE slug = 'under'") == "8"
    assert shop.sql("SELECT COUNT(*) FROM core_tag WHERE slug = 'after'") == "0"
    assert shop.sql("CHECKSUM TABLE core_testimonial, core_tag") == wanted
    shop.sql("ALTER TABLE core_tag DROP COLUMN drill")


def test_every_volume_destroyed_and_restored(shop: Shop, tell: Tell):
    shop.compose("stop", "worker", "worker-io", "beat", "web-blue", "live-blue")
    before = shop.state()
    name = shop.backup()
    shop.compose("down", "--volumes", "--remove-orphans")
    volumes = subprocess.run(
        ["docker", "volume", "ls", "--quiet", "--filter", f"label=com.docker.compose.project={shop.project}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert volumes == "", "nothing is left"
    # Workers would go on with what is due, and change what is compared.
    shop.extra["COMPOSE_PROFILES"] = "blue"
    started = time.monotonic()
    shop.script("proxy", "install")
    shop.script("restore", "latest", seconds=600)
    tell(f"Backup: from no volumes to a serving shop in {time.monotonic() - started:.0f} s")
    after = shop.state()
    assert _different(before, after) == []
    assert shop.execute("nginx", "find", "/srv/media", "-not", "-readable") == "", "pictures can be served"
    assert name in shop.names()


def _different(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Names, each with the rows that only one of the two has."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        was, now = (set(state.get(name, "missing").splitlines()) for state in (before, after))
        if before.get(name) != after.get(name):
            found.append(f"{name}: was {sorted(was - now)[:2]}, is {sorted(now - was)[:2]}")
    return found


def test_the_hourly_look_sees_them(shop: Shop):
    shop.compose("up", "--detach", "--wait", "web-blue", "worker")
    shop.execute(
        "worker",
        "python",
        "manage.py",
        "shell",
        "-v",
        "0",
        "-c",
        "from hnmproject.backups import keeping; keeping.look()",
    )
    said = shop.execute("web-blue", "python", "manage.py", "status")
    assert re.search(r"^  Backups +\d{4}-\d\d-\d\d \d\d:\d\d UTC, ", said, re.MULTILINE), said
