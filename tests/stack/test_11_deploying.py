"""From a bare server to a shop on https, deployments under load, all that can go wrong with one, and the way back.

Real SSH, a real engine, certificates of a real (test) authority: what is typed here is what docs/going-live.md and
docs/deploying.md have people type. ``DEPLOYMENTS=2`` shortens the load to so many deployments.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.environment import wait_until
from tests.stack.server import DOMAIN, REPOSITORY, Made, Server, derived_image, docker, registry_of

DEPLOYMENTS = int(os.environ.get("DEPLOYMENTS", "10"))
RATE = int(os.environ.get("RATE", "110"))
JOBS_EACH = 40
PASSWORD = "a long way home"
Tell = Callable[[str], None]

CONTENT = f"""
from allauth.account.models import EmailAddress
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from ecommerce.models import Variant
from tasks.models import Job
from trial.models import Tally
from trial.management.commands.trial import MIXTURE
from users.models import CustomUser
import json
for number in range(20):
    email = f"load-{{number}}@example.com"
    person = CustomUser.objects.create_user(email=email, password={PASSWORD!r})
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
client = Client()
client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
Variant.objects.filter(stock__gt=0).update(stock=9000)
Tally.objects.bulk_create(Tally(kind=kind) for kind in sorted(set(MIXTURE)))
variant = Variant.objects.filter(stock__gt=0).first()
watched = Job.objects.create(kind="trial.quick", queue="default", arguments={{"number": 0}}, owner=person,
                             run_after=timezone.now() + timedelta(days=1))
print(json.dumps({{"session": client.cookies["sessionid"].value, "sku": variant.sku,
                  "product": variant.product.get_absolute_url(), "socket": f"/ws/jobs/{{watched.pk}}/"}}))
"""
MORE_JOBS = """
from itertools import cycle
from django.db import transaction
from tasks.services import jobs
from trial.management.commands.trial import MIXTURE
with transaction.atomic():
    for number, kind in zip(range({first}, {first} + {count}), cycle(MIXTURE)):
        jobs.enqueue("trial." + kind, number=number)
"""
MIGRATION = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [{before!r}]
    operations = [{operation}]
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, tell: Tell) -> Iterator[Server]:
    """A bare server, made ready and deployed to: how long that took is the first figure."""
    server = Server(folder=tmp_path_factory.mktemp("server"))
    try:
        server.start()
        server.bring_images()
        server.copy_repository()
        _add_the_trial(server)
        # The authority is ours, and trusted as Let's Encrypt is.
        server.trust_authority()
        # The base images that a build needs are here, and so is what it has built before.
        started = datetime.now(UTC)
        server.watch_memory()
        server.read_chapter("going-live", **first_settings(server))
        tell(
            f"From a bare server to https: {(_first_served(server) - started).total_seconds():.0f} s, as the handbook "
            "has it typed (the images of MySQL, Redis, nginx and certbot were there)"
        )
        yield server
    except BaseException:
        print(server.root("tail -n 60 /srv/shop/state/runs/*.log; docker ps --all", check=False))
        raise
    finally:
        server.destroy()


def _first_served(server: Server) -> datetime:
    lines = server.make("logs", ARGS="--audit").output.splitlines()
    return datetime.fromisoformat(next(line for line in lines if " succeeded after " in line).split()[0])


def first_settings(server: Server) -> dict[str, str]:
    settings = {
        "ACME_SERVER": f"https://{server.authority}:14000/dir",
        "CERTBOT_OPTIONS": "--no-verify-ssl",
        "TRUSTED_PROXIES": "172.16.0.0/12,192.168.0.0/16",  # the load, which says for whom it asks
        "DEPLOY_HEALTHY_SECONDS": "90",
        "JOB_LEASE_SECONDS": "15",
        "JOB_SWEEP_SECONDS": "5",
    }
    return {"SIZE": "2gb", "SETTINGS": " ".join(f"{name}={value}" for name, value in settings.items())}


def _add_the_trial(server: Server) -> None:
    """Jobs whose every effect is counted; in no other copy of the shop."""
    source = REPOSITORY / "tests/stack/trial"
    subprocess.run(["cp", "-R", str(source), str(server.clone / "app/trial")], check=True)
    settings = server.clone / "app/hnmproject/settings.py"
    settings.write_text(settings.read_text() + '\nINSTALLED_APPS += ["trial"]\n')
    server.commit("Count what jobs do")


@pytest.fixture(scope="module")
def base(server: Server) -> str:
    """The image of the first deployment, which the others are made from."""
    return "shop:" + server.git("rev-parse", "HEAD")[:12]


@pytest.fixture
def image(server: Server, base: str) -> Iterator[Callable[..., str]]:
    """Make a release that differs by some lines of a Dockerfile."""
    with ExitStack() as images:

        def make(name: str, *lines: str) -> str:
            return images.enter_context(derived_image(server, base, name, "\n".join(lines)))

        yield make


def python_file(path: str, text: str) -> str:
    """A line of a Dockerfile that writes a file of code."""
    return f"COPY --chmod=644 <<'CODE' {path}\n{text.strip()}\nCODE"


def migration(app: str, name: str, before: str, operation: str) -> str:
    return python_file(
        f"/srv/app/{app}/migrations/{name}.py", MIGRATION.format(before=(app, before), operation=operation)
    )


def appended(path: str, text: str) -> str:
    quoted = text.replace("'", "'\\''").replace("\n", "\\n")
    return f"USER root\nRUN printf '%b' '{quoted}\\n' >>{path}\nUSER 1000"


def deploy(server: Server, image: str, **variables: str) -> Made:
    return server.make("deploy", check=False, IMAGE=image, **variables)


def deploys(server: Server, image: str, **variables: str) -> Made:
    made = deploy(server, image, **variables)
    assert made.code == 0, made.output
    return made


def serves(server: Server) -> str:
    """Which release answers visitors."""
    status, headers, _body = server.get("/health/live")
    assert status == 200
    return headers["x-release"]


@contextmanager
def nothing_changes(server: Server) -> Iterator[None]:
    """Whatever happens meanwhile, in the end the release of before serves, all of it, and nothing is left behind."""
    release, answered = server.release, serves(server)
    running = _running(server)
    yield
    assert (server.release, serves(server)) == (release, answered)
    assert server.get("/shop/")[0] == 200
    assert _running(server) == running
    wait_until(lambda: _lock_is_free(server), seconds=60, what="the lock is free")


def _running(server: Server) -> list[str]:
    return sorted(server.compose("ps", "--format", "{{.Service}} {{.Image}}").splitlines())


def _lock_is_free(server: Server) -> bool:
    return server.shell("flock -n /srv/shop/state/lock/held echo free || true") == "free"


# --- From nothing to a shop ---


def test_a_bare_server_becomes_a_shop_on_https(server: Server):
    assert server.get("/")[0] == 200
    assert server.get("/health/ready")[0] == 200
    status, headers, _body = server.get("/shop/", https=False)
    assert (status, headers["location"]) == (301, f"https://{DOMAIN}/shop/")
    assert ("DNS", DOMAIN) in server.certificate()["subjectAltName"]
    assert "not trusted" not in _runs_of(server)


def _runs_of(server: Server) -> str:
    """All that deployments have said there."""
    return server.shell("cat /srv/shop/state/runs/*.log /srv/shop/state/audit.log")


def test_setting_up_twice_changes_nothing(server: Server):
    assert "all is as it should be" in server.make("server-setup", HOST="root@shop")


def test_only_ssh_http_and_https_are_open(server: Server):
    """Also what a container publishes by mistake: Docker's own rules would let it in, past the machine's firewall."""
    published = "docker run --detach --rm --name leak --publish 9999:9999 --entrypoint python"
    image = server.shell("sed -n s/^IMAGE=//p /srv/shop/current/release.env")
    server.shell(f"{published} {image} -m http.server 9999")
    try:
        wait_until(
            lambda: server.root("curl -s -o /dev/null -m 2 localhost:9999 && echo yes || true"),
            seconds=30,
            what="a leak",
        )
        assert {port for port in (22, 80, 443, 2375, 3306, 6379, 8000, 8080, 9999) if _is_open(server, port)} == {
            22,
            80,
            443,
        }
    finally:
        server.shell("docker rm --force leak")


def _is_open(server: Server, port: int) -> bool:
    knock = f"timeout 2 bash -c '</dev/tcp/{DOMAIN}/{port}' 2>/dev/null && echo open || true"
    return docker("exec", f"{server.name}-pebble", "bash", "-c", knock) == "open"


def test_ssh_takes_keys_alone(server: Server):
    said = subprocess.run(
        ["ssh", "-F", str(server.folder / "ssh_config"), "-o", "PubkeyAuthentication=no", "-o", "BatchMode=yes",
         "deploy@shop", "true"], capture_output=True, text=True, check=False,
    ).stderr  # fmt: skip
    assert "Permission denied (publickey)" in said


def test_the_check_says_that_all_is_well(server: Server):
    said = server.make("server-check").output
    assert "✗" not in said
    for words in ("engine", "MB free", "clock", "secrets present", f"{DOMAIN} leads here"):
        assert words in said


def test_secrets_are_made_on_the_server_and_stay_there(server: Server):
    assert server.shell("stat -c %a /srv/shop/secrets") == "700"
    made = server.shell("cat /srv/shop/secrets/secret_key /srv/shop/secrets/mysql_*").split()
    assert len(set(made)) == 4
    assert all(len(secret) == 50 and secret not in _runs_of(server) for secret in made)


def test_refuses_what_is_not_committed(server: Server):
    page = server.clone / "app/hnmproject/urls.py"
    text = page.read_text()
    page.write_text(text + "\n# changed\n")
    try:
        assert "not committed" in server.make("deploy", check=False)
    finally:
        page.write_text(text)


def test_a_dry_run_changes_nothing(server: Server):
    with nothing_changes(server):
        said = server.make("deploy", ARGS="--dry-run")
    assert "This would bring" in said


def test_the_chapters_about_deploying_and_troubleshooting_are_true(server: Server):
    server.read_chapter("deploying")
    server.read_chapter("troubleshooting")


# --- Under load ---


@pytest.fixture(scope="module")
def content(server: Server) -> dict[str, Any]:
    server.make("manage", ARGS="demo --force --pixels 60")
    wait_until(lambda: _unfinished(server) == 0, seconds=400, what="the pictures are drawn")
    made: dict[str, Any] = json.loads(server.django(CONTENT).splitlines()[-1])
    return made


def _unfinished(server: Server) -> int:
    """Mail has no way out of here, and is tried again for hours."""
    due = "state IN ('queued', 'running') AND run_after < NOW() + INTERVAL 1 HOUR AND kind <> 'mail.send'"
    return int(server.query(f"SELECT COUNT(*) FROM tasks_job WHERE {due}"))


class Load:
    def __init__(self, server: Server, content: dict[str, Any]) -> None:
        settings = {
            **content, "port": server.ports[443], "domain": DOMAIN, "password": PASSWORD, "rate": RATE,
            "readers": 24, "buyers": 6, "sockets": 5,
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.stack.load", json.dumps(settings)],
            cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def result(self) -> dict[str, Any]:
        output, _nothing = self._process.communicate(timeout=120)
        found: dict[str, Any] = json.loads(output.splitlines()[-1])
        return found


def test_deployments_under_load_fail_no_request_and_lose_no_job(
    server: Server, content: dict[str, Any], image: Callable[..., str], tell: Tell
):
    images = [image(f"load-{number}", f"LABEL number={number}") for number in range(DEPLOYMENTS)]
    load = Load(server, content)
    took = []
    for number, name in enumerate(images):
        server.django(MORE_JOBS.format(first=1 + number * JOBS_EACH, count=JOBS_EACH))
        started = time.monotonic()
        made = deploys(server, name, REASON=f"number {number}")
        took.append(time.monotonic() - started)
        assert serves(server) == f"load-{number}", made.output
    found = load.result()
    jobs = DEPLOYMENTS * JOBS_EACH
    wait_until(lambda: _unfinished(server) == 0, seconds=180, what="all jobs have ended")
    done = (
        int(server.query("SELECT COUNT(*) FROM trial_effect")),
        int(server.query("SELECT SUM(done) FROM trial_tally")),
    )
    begun = int(server.query("SELECT COUNT(*) FROM trial_beginning"))
    tell(
        f"{DEPLOYMENTS} deployments under load, {sum(took) / len(took):.0f} s each: {found['total']} requests in "
        f"{found['seconds']} s ({found['rate']}/s, median {found['median_ms']} ms, 99 % within {found['p99_ms']} ms), "
        f"{found['failed']} failed; {found['sent_again']} sent again on a kept connection that had been closed; "
        f"sockets opened again {found['sockets_reopened']} times; of {jobs} jobs {done[0]} are done, each once, "
        f"{begun - jobs} were begun again"
    )
    tell(f"  asked for: {found['asked']}")
    tell(f"  on a machine with {server.memory} of memory in all: {server.memory_stats()}")
    assert found["failures"] == []
    assert done == (jobs, jobs)
    assert server.query("SELECT COUNT(*) FROM tasks_job WHERE state = 'failed' AND kind LIKE 'trial.%'") == "0"
    assert found["rate"] > 5, "so few requests prove nothing"


def test_the_last_five_releases_are_kept_and_older_static_files_too(server: Server, image: Callable[..., str]):
    listed = server.make("releases").output.splitlines()
    assert len(listed) == 5
    assert listed[0].startswith("* ")
    images = server.shell("docker images --format '{{.Repository}}:{{.Tag}}' | grep -vcE 'mysql|redis|nginx|certbot'")
    assert int(images) == len(listed)


def test_the_server_remembers_who_did_what_and_why(server: Server):
    audit = server.make("logs", ARGS="--audit").output
    assert "deployment of" in audit
    assert "number 0" in audit
    assert re.search(r"Last deploy +\S+: deployment succeeded, .* by ", server.make("status").output)


# --- What can go wrong ---


def test_a_migration_that_fails(server: Server, image: Callable[..., str]):
    broken = image(
        "bad-migration", migration("trial", "0002_fails", "0001_initial", "migrations.RunSQL('SELECT * FROM nowhere')")
    )
    with nothing_changes(server):
        made = deploy(server, broken)
    assert made.code != 0
    assert "the migration failed" in made
    assert "nowhere" in made
    assert "serves, as before" in made


def test_a_migration_that_the_release_before_could_not_live_with(server: Server, image: Callable[..., str]):
    removal = "migrations.RemoveField('product', 'on_sale')"
    unsafe = image("unsafe", migration("ecommerce", "0099_removes", _last("ecommerce"), removal))
    with nothing_changes(server):
        made = deploy(server, unsafe)
    assert "could not live with these migrations" in made
    assert "Expand and contract" in made


def _last(app: str) -> str:
    return max(path.stem for path in (REPOSITORY / f"app/{app}/migrations").glob("0*.py"))


def test_a_web_that_never_gets_healthy(server: Server, image: Callable[..., str]):
    broken = image("sick", appended("/srv/app/hnmproject/wsgi.py", 'raise RuntimeError("it does not start")'))
    with nothing_changes(server):
        made = deploy(server, broken)
    assert made.code != 0
    assert "did not become healthy" in made
    assert "it does not start" in made


CRASHES = """
import os
_served = application
def application(environ, start_response):
    if environ.get("HTTP_USER_AGENT") == "shop-smoke-test" and environ["PATH_INFO"] == "/shop/":
        os.kill(os.getppid(), 9)
    return _served(environ, start_response)
"""


def test_a_release_that_crashes_after_the_switch(server: Server, image: Callable[..., str]):
    with nothing_changes(server):
        made = deploy(server, image("crashes", appended("/srv/app/hnmproject/wsgi.py", CRASHES)))
    assert made.code != 0
    assert "Switching to" in made
    assert "taken back at once" in made


def test_two_at_once_and_one_that_is_ended(server: Server, image: Callable[..., str]):
    """The second says who is at work and why; and who waits for something that hangs can end it."""
    waiting = image("waiting", appended("/srv/app/hnmproject/wsgi.py", "import time; time.sleep(600)"))
    with nothing_changes(server):
        before = _runs(server)
        first = server.popen("deploy", IMAGE=waiting, REASON="a good reason")
        wait_until(lambda: _runs(server) - before, seconds=120, what="it has begun")
        wait_until(lambda: "Starting web" in _runs_said(server), seconds=120, what="it waits for web")
        second = deploy(server, waiting)
        assert second.code != 0
        assert "somebody is at work" in second
        assert "“a good reason”" in second
        assert "The lock is free" in server.make("unlock", ARGS="--yes")
        first.communicate(timeout=120)
        assert first.returncode != 0


def _runs(server: Server) -> set[str]:
    return set(server.shell("ls /srv/shop/state/runs").split())


def _runs_said(server: Server) -> str:
    return server.make("logs", ARGS="--deploy").output


def test_a_connection_that_is_cut_before_the_switch_and_one_that_is_cut_while_sending(
    server: Server, image: Callable[..., str]
):
    """What was begun goes on by itself, and says so; what was not begun has left no lock."""
    early = server.popen("deploy", IMAGE=image("cut-early", "LABEL cut=early"))
    wait_until(lambda: not _lock_is_free(server), seconds=60, what="the lock is held")
    server.root("pkill -KILL -f '[s]shd-session: deploy'")
    early.communicate(timeout=60)
    assert early.returncode != 0
    wait_until(lambda: _lock_is_free(server), seconds=30, what="the lock is free again")
    late = server.popen("deploy", IMAGE=image("cut-late", "LABEL cut=late"))
    assert late.stdout
    said = ""
    while "Starting web" not in said:
        said += late.stdout.read(1)
    server.root("pkill -KILL -f '[s]shd-session: deploy'")
    said += late.communicate(timeout=60)[0]
    assert late.returncode != 0
    assert "goes on there by itself" in said
    assert "make status" in said
    wait_until(lambda: _lock_is_free(server), seconds=180, what="it has ended")
    assert serves(server) == "cut-late"
    assert "deployment succeeded" in server.make("status")


def test_a_disk_that_is_full(server: Server, image: Callable[..., str]):
    """Before anything begins the check says so; where it fills up later, what did not arrive whole is gone again."""
    full = image("full", "LABEL full=yes")
    releases = "/srv/shop/releases"
    with nothing_changes(server):
        server.root(
            f"cp -a {releases} /tmp/kept && mount -t tmpfs -o size=64m,mode=750 full {releases}"
            f" && cp -a /tmp/kept/. {releases}/ && (dd if=/dev/zero of={releases}/filling bs=64k 2>/dev/null || true)"
        )
        try:
            refused = deploy(server, full)
            before = server.shell(f"ls {releases}")
            failed = deploy(server, full, MINIMUM_SHOP_MB="0")
            assert server.shell(f"ls {releases}") == before
        finally:
            server.root(f"umount {releases} && rm -rf /tmp/kept")
    assert "MB are free" in refused
    assert "Nothing was changed" in refused
    assert failed.code != 0
    assert "disk full" in failed


# --- Changes beside deployments ---


def test_new_secrets_log_nobody_out(server: Server, content: dict[str, Any]):
    cookie = {"Cookie": f"sessionid={content['session']}"}
    secrets = "cd /srv/shop/secrets && cat $(ls secret_key mysql_*)"
    before = server.shell(secrets).split()
    load = Load(server, content)
    assert "Nothing was changed" in server.make("rotate-secrets", ARGS="--dry-run")
    made = server.make("rotate-secrets")
    found = load.result()
    assert found["failures"] == [], made.output
    assert not set(before) & set(server.shell(secrets).split())
    assert server.get("/accounts/", **cookie)[0] == 200, "still logged in"
    assert server.query("SELECT 1") == "1"
    names = server.shell("cd /srv/shop/secrets && ls secret_key mysql_*").split()
    old = before[names.index("mysql_password")]
    tried = "mysql --host=127.0.0.1 --user=hnm --execute='SELECT 1' 2>&1 || true"
    assert "Access denied" in server.compose("exec", "-T", "-e", f"MYSQL_PWD={old}", "db", "sh", "-c", tried)


def test_the_smaller_words(server: Server):
    assert server.make("maintenance", ARGS="on")
    try:
        wait_until(lambda: server.get("/")[0] == 503, seconds=10, what="nginx has read that")
        assert "closed for visitors" in server.make("status")
    finally:
        server.make("maintenance", ARGS="off")
    wait_until(lambda: server.get("/")[0] == 200, seconds=10, what="nginx has read that too")
    assert server.release in server.make("ssh", ARGS="pwd -P")
    assert "System check identified no issues" in server.make("manage", ARGS="check")
    assert "web-" in server.make("logs", ARGS="--no-follow web")


# --- Back ---


def test_rolls_back_over_what_only_adds(server: Server, image: Callable[..., str]):
    """The newer release comes through a registry, for once."""
    before = serves(server)
    adds = "migrations.AddField('tally', 'note', models.CharField(max_length=9, null=True))"
    newer = image("adds", migration("trial", "0002_adds", "0001_initial", adds))
    with registry_of(server) as registry:
        deploys(server, newer, REGISTRY=registry)
    assert serves(server) == "adds"
    assert f"IMAGE={registry}/" in server.shell("cat /srv/shop/current/release.env")
    with nothing_changes(server):
        assert f"in the place of {server.release}" in server.make("rollback", ARGS="--dry-run")
    made = server.make("rollback", REASON="it is ugly")
    assert serves(server) == before
    assert "trial.0002_adds" in made
    assert "rollback to" in server.make("logs", ARGS="--audit")


def test_refuses_to_roll_back_over_what_the_older_release_cannot_live_with(server: Server, image: Callable[..., str]):
    needs = "migrations.AddField('newslettersubscription', 'mood', models.CharField(max_length=9, default=''))"
    adds = "migrations.AddField('tally', 'note', models.CharField(max_length=9, null=True))"
    newer = image(
        "needs",
        migration("trial", "0002_adds", "0001_initial", adds),
        migration("core", "0099_needs", _last("core"), needs),
    )
    made = deploys(server, newer, ARGS="--with-downtime")
    assert "the shop is closed from here on" in made
    assert "the shop is open again" in made
    with nothing_changes(server):
        refused = server.make("rollback", check=False)
    assert refused.code != 0
    assert "the database has gone on" in refused
    assert "inserts rows without it" in refused
    assert "restore the backup" in refused


# --- And after all that ---


def test_nothing_was_ended_for_want_of_memory(server: Server):
    """Deployments, migrations, backups and the load, in the memory of a small server."""
    assert server.short_of_memory() == ""


def test_everything_comes_back_by_itself_after_a_reboot(server: Server, tell: Tell):
    release, running = serves(server), _running(server)
    started = time.monotonic()
    server.reboot()
    # A page that nginx has kept would come before anything else runs.
    wait_until(server.answers, seconds=180, what="the shop serves again")
    tell(f"A restart of the server: the shop serves again after {time.monotonic() - started:.0f} s, by itself")
    assert serves(server) == release
    wait_until(lambda: _running(server) == running, seconds=120, what="every service is back")
    wait_until(
        lambda: "unhealthy" not in (all_ := server.compose("ps")) and "starting" not in all_,
        seconds=180,
        what="healthy",
    )
