"""Production as docker-compose.prod.yml describes it, with certificates of a real (test) authority.

The order matters: what disturbs the shop comes last.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.environment import wait_until
from tests.stack.production import DOMAIN, Production, believes_everyone, connected, service_of
from tests.stack.stack import REPOSITORY

SIZES = ("1gb", "2gb", "4gb", "8gb")
OURS = {"Sec-Fetch-Site": "same-origin"}
# A certificate lives so long here, and is renewed after half of it: several times while these tests run.
LIFE_OF_A_CERTIFICATE = 240
Tell = Callable[[str], None]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, tell: Tell) -> Iterator[Production]:
    assert shutil.which("docker"), "These tests need a Docker engine: `make test-stack` says how to get one."
    shop = Production(folder=tmp_path_factory.mktemp("production"))
    shop.prepare(valid_for=LIFE_OF_A_CERTIFICATE)
    try:
        started = time.monotonic()
        shop.build()
        built = time.monotonic()
        shop.start()
        wait_until(lambda: _is_served_by_the_authority(shop), seconds=120, what="a certificate of the authority")
        tell(f"Production: image {built - started:.0f} s, first start to https {time.monotonic() - built:.0f} s")
        # Some goods and pictures, so that there is something to serve; no demo shop in production otherwise.
        shop.execute("web-blue", "python", "manage.py", "demo", "--force", "--pixels", "200", seconds=900)
        yield shop
    except BaseException:
        print(shop.compose("ps", "--all", check=False))
        print(shop.compose("logs", "--no-color", "--tail", "40", check=False))
        raise
    finally:
        shop.destroy()


@pytest.fixture(scope="module")
def visitor(shop: Production) -> urllib3.HTTPSConnectionPool:
    return shop.visitor(maxsize=4)


def _is_served_by_the_authority(shop: Production) -> bool:
    try:
        return shop.visitor().request("GET", "/health/live").status == 200
    except (urllib3.exceptions.HTTPError, OSError):
        return False


# --- Before anything runs ---------------------------------------------------------------------------------------------


def _config(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Whether the Compose file can be used as it is configured in the folder, and what is said."""
    shop = Production(folder=folder)
    environment = {**shop.environment, "IMAGE": "shop:one", **variables}
    for name in [name for name, value in environment.items() if not value]:
        del environment[name]
    environment.pop("COMPOSE_EXTRA_FILE")
    result = subprocess.run(
        [str(REPOSITORY / "scripts/server/compose"), "config", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return result.returncode, result.stdout + result.stderr


@pytest.fixture
def server(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/env").write_text(f"DOMAIN={DOMAIN}\n")
    return tmp_path


@pytest.mark.parametrize("size", SIZES)
def test_the_compose_file_is_valid_and_bounds_every_service(server: Path, size: str):
    code, told = _config(server, "--format", "json", SERVER_SIZE=size, COMPOSE_PROFILES="*")
    assert code == 0, told
    services: dict[str, dict[str, Any]] = json.loads(told)["services"]
    assert len(services) >= 17
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["pids_limit"] > 0, name
        assert int(service["mem_limit"]) > 0, name
        assert service["logging"]["options"]["max-size"], name
        assert service["user"].split(":")[0] not in {"0", "root"}, name
        assert "privileged" not in service, name
        assert not any("docker.sock" in volume["source"] for volume in service.get("volumes", [])), name
    assert [name for name, service in services.items() if service.get("ports")] == ["nginx"]


def test_what_normally_runs_fits_its_server(server: Path):
    """Limits are more than what is used; together they still leave the system its part."""
    for size in SIZES:
        code, told = _config(server, "--format", "json", SERVER_SIZE=size)
        assert code == 0, told
        services: dict[str, dict[str, Any]] = json.loads(told)["services"]
        names = {"1gb": {"worker-all"}}.get(size, {"worker", "worker-io", "flower"})
        assert names <= set(services)
        assert {"web-blue", "live-blue", "certbot"} <= set(services)
        assert "web-green" not in services
        together = sum(int(service["mem_limit"]) for service in services.values()) / 1024**2
        assert together < int(size[0]) * 1024 * 1.4, f"{size}: {together:.0f} MB"


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"IMAGE": ""}, "name the image of the release"),
        ({"DOMAIN": "", "SITE_URL": ""}, "the host name that visitors type"),
        ({"SERVER_SIZE": "3gb"}, "is none of 1gb, 2gb, 4gb and 8gb"),
    ],
)
def test_refuses_to_start_without_what_it_needs(server: Path, variables: dict[str, str], complaint: str):
    if "DOMAIN" in variables:
        (server / "config/env").write_text("")
    code, told = _config(server, **variables)
    assert code != 0
    assert complaint in told


def test_says_what_is_missing_on_a_server_without_settings(tmp_path: Path):
    code, told = _config(tmp_path)
    assert code != 0
    assert "config/env is missing" in told


# --- Served over TLS --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/shop/", "/blog/", "/contact/", "/accounts/login/", "/sitemap.xml", "/health/ready"]
)
def test_every_page_comes_over_https(visitor: urllib3.HTTPSConnectionPool, path: str):
    answer = visitor.request("GET", path)
    assert answer.status == 200
    assert answer.headers.getlist("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains; preload"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Server"] == "nginx", "no version"
    assert "X-Powered-By" not in answer.headers


@pytest.mark.parametrize("name", [DOMAIN, f"www.{DOMAIN}"])
def test_http_leads_to_https(shop: Production, name: str):
    answer = urllib3.request(
        "GET", f"http://127.0.0.1:{shop.http}/shop/?q=a%20b", headers={"Host": name}, redirect=False, retries=False
    )
    assert (answer.status, answer.headers["Location"]) == (301, f"{shop.site}/shop/?q=a%20b")


def test_the_certificate_is_for_both_names(shop: Production):
    with connected(shop.https, shop.tls(), name=f"www.{DOMAIN}") as connection:
        connection.sendall(f"GET /blog/ HTTP/1.1\r\nHost: www.{DOMAIN}\r\nConnection: close\r\n\r\n".encode())
        assert f"Location: {shop.site}/blog/".encode() in connection.recv(4096)


def test_unknown_hosts_get_no_answer(shop: Production):
    with socket.create_connection(("127.0.0.1", shop.http), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
        assert connection.recv(100) == b""
    with connected(shop.https, shop.tls()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
        assert connection.recv(100) == b""
    with pytest.raises(ssl.SSLError, match="unrecognized name"):
        connected(shop.https, believes_everyone(), name="other.example")


def _speaks(shop: Production, version: ssl.TLSVersion) -> bool:
    context = believes_everyone()
    # Old versions sign with SHA-1, which this machine's OpenSSL would not do either.
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    try:
        with connected(shop.https, context):
            return True
    except ssl.SSLError as error:
        if "alert" in str(error).lower():  # the server is the one who refuses
            return False
        raise


def test_speaks_tls_1_2_and_1_3_and_nothing_older(shop: Production):
    spoken = {version.name: _speaks(shop, version) for version in ssl.TLSVersion if version.name.startswith("TLSv")}
    assert spoken == {"TLSv1": False, "TLSv1_1": False, "TLSv1_2": True, "TLSv1_3": True}


def test_speaks_http_2(shop: Production):
    context = shop.tls()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with connected(shop.https, context) as connection:
        assert connection.selected_alpn_protocol() == "h2"


def test_static_files_and_pictures_come_from_disk(visitor: urllib3.HTTPSConnectionPool):
    page = visitor.request("GET", "/shop/").data.decode()
    stylesheet = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page)
    assert stylesheet
    answer = visitor.request(
        "GET", stylesheet[1], headers=_with(visitor, {"Accept-Encoding": "gzip"}), decode_content=False
    )
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"{" in gzip.decompress(answer.data)
    picture = re.search(r'src="(/media/[^"]+)"', page)
    assert picture
    answer = visitor.request("GET", picture[1])
    assert answer.status == 200
    assert "X-Request-ID" not in answer.headers, "Django was not asked"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def _with(visitor: urllib3.HTTPSConnectionPool, headers: dict[str, str]) -> dict[str, str]:
    return {**visitor.headers, **headers}


def test_pages_are_kept_for_strangers_and_for_nobody_else(visitor: urllib3.HTTPSConnectionPool):
    visitor.request("GET", "/blog/")
    assert visitor.request("GET", "/blog/").headers["X-Cache"] == "HIT"
    named = visitor.request("GET", "/blog/", headers=_with(visitor, {"Cookie": "sessionid=somebody"}))
    assert named.headers["X-Cache"] == "BYPASS"


def test_uploads_are_small_but_for_staff(visitor: urllib3.HTTPSConnectionPool):
    sizes = {"/contact/": 413, "/admin/core/blogpost/add/": 403}
    for path, status in sizes.items():
        answer = visitor.request("POST", path, body=b"x" * 2_000_000)
        assert answer.status == status, path
    assert visitor.request("POST", "/admin/core/blogpost/add/", body=b"x" * 21_000_000).status == 413


@pytest.mark.parametrize(("path", "status"), [("/metrics", 404), ("/flower/", 302), ("/flower/api/workers", 401)])
def test_what_is_for_staff_is_closed(visitor: urllib3.HTTPSConnectionPool, path: str, status: int):
    assert visitor.request("GET", path).status == status


def test_sockets_reach_the_live_service(shop: Production, visitor: urllib3.HTTPSConnectionPool):
    handshake = {
        "Connection": "upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": shop.site,
    }  # fmt: skip
    assert visitor.request("GET", "/ws/jobs/1/", headers=_with(visitor, handshake)).status == 403
    assert visitor.request("GET", "/ws/jobs/1/").status == 404


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_whoever_guesses_passwords_is_slowed_and_told_so_kindly(visitor: urllib3.HTTPSConnectionPool):
    answers = [
        visitor.request("POST", "/accounts/login/", body=b"login=a", headers=_with(visitor, OURS)) for _ in range(45)
    ]
    limited = [answer for answer in answers if answer.status == 429 and b"/errors/" not in answer.data]
    assert answers[0].status != 429
    assert limited
    last = limited[-1]
    assert b"<h1>" in last.data
    assert last.headers["Retry-After"] == "10"
    assert last.headers["Cache-Control"] == "no-store"
    assert visitor.request("GET", "/accounts/login/").status == 200, "reading goes on"
    assert visitor.request("GET", "/shop/").status == 200


def test_a_busy_office_is_not_limited(visitor: urllib3.HTTPSConnectionPool):
    """Twenty people behind one address who open ten pages each, as fast as it goes."""
    # The test before is still counted: of its requests, 40 are forgotten in a second.
    time.sleep(3)
    statuses = Counter(visitor.request("GET", f"/shop/?page={number % 3}").status for number in range(200))
    assert statuses == {200: 200}


# --- Closed for maintenance -------------------------------------------------------------------------------------------


def test_maintenance_closes_the_shop_and_lets_staff_look(shop: Production, visitor: urllib3.HTTPSConnectionPool):
    told = shop.script("proxy", "maintenance", "on")
    try:
        key = re.search(r"(/maintenance/[0-9a-f]{32})", told)
        assert key
        wait_until(lambda: visitor.request("GET", "/shop/").status == 503, seconds=10, what="the shop closed")
        closed = visitor.request("GET", "/shop/")
        assert closed.headers["Retry-After"] == "60"
        assert b"right back" in closed.data
        assert visitor.request("POST", "/stripe/webhook/", body=b"{}").status == 503, "Stripe repeats it later"
        assert visitor.request("GET", "/health/live").status == 200
        let_in = visitor.request("GET", key[1])
        assert (let_in.status, let_in.headers["Location"]) == (302, "/")
        cookie = let_in.headers["Set-Cookie"].split(";")[0]
        assert visitor.request("GET", "/shop/", headers=_with(visitor, {"Cookie": cookie})).status == 200
        wrong = {"Cookie": "maintenance=" + "0" * 32}
        assert visitor.request("GET", "/shop/", headers=_with(visitor, wrong)).status == 503
        assert shop.script("proxy", "maintenance", "status").strip() == "closed"
    finally:
        shop.script("proxy", "maintenance", "off")
    wait_until(lambda: visitor.request("GET", "/shop/").status == 200, seconds=10, what="the shop open")


# --- What it is made of -----------------------------------------------------------------------------------------------


def test_djangos_own_check_for_deployment_finds_nothing(shop: Production):
    told = shop.execute("web-blue", "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert "no issues" in told


def test_every_container_is_hardened_and_only_nginx_is_open(shop: Production):
    found = shop.containers()
    assert {service_of(one) for one in found} >= {"web-blue", "worker", "flower", "db", "redis", "nginx", "certbot"}
    published: dict[str, set[str]] = {}
    for one in found:
        name, host = service_of(one), one["HostConfig"]
        assert one["Config"]["User"] not in {"", "0", "root", "0:0"}, name
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert not host["CapAdd"], name
        assert not host["Privileged"], name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert host["Memory"] > 0, name
        assert host["PidsLimit"] > 0, name
        assert host["LogConfig"]["Config"]["max-size"] == "10m", name
        assert host["RestartPolicy"]["Name"] == "unless-stopped", name
        assert not any("docker.sock" in mount["Source"] for mount in one["Mounts"]), name
        secret = re.compile("|".join(_secret_values(shop)))
        assert not secret.search(json.dumps(one["Config"]["Env"])), f"{name} has a secret in its environment"
        if ports := {port for port, bound in (host["PortBindings"] or {}).items() if bound}:
            published[name] = ports
    assert published == {"nginx": {"8080/tcp", "8443/tcp"}}


def _secret_values(shop: Production) -> list[str]:
    return [
        re.escape(text) for path in (shop.folder / "secrets").iterdir() if len(text := path.read_text().strip()) > 20
    ]


@pytest.mark.parametrize(
    "service", ["web-blue", "worker", "beat", "flower", "nginx", "certbot", "db", "redis", "cache"]
)
def test_processes_have_no_rights_and_cannot_write_to_their_system(shop: Production, service: str):
    status = shop.execute(service, "cat", "/proc/1/status")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert set(fields["Uid"].split()).isdisjoint({"0"})
    assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16) == 0
    assert fields["NoNewPrivs"] == "1"
    assert "Read-only file system" in shop.execute(service, "sh", "-c", "echo x > /etc/x", check=False)


def test_only_who_needs_the_internet_has_a_way_out(shop: Production):
    ways = {
        service_of(one): {name.split("_")[-1] for name in one["NetworkSettings"]["Networks"]}
        for one in shop.containers()
    }
    outwards = {name for name, networks in ways.items() if networks & {"edge", "outside"}}
    assert outwards == {"nginx", "certbot", "web-blue", "worker", "worker-io"}
    assert "backend" not in ways["nginx"], "the proxy sees no database"
    reach = "import socket; socket.create_connection(('192.0.2.1', 25), timeout=3)"
    assert "Network is unreachable" in shop.execute("live-blue", "python", "-c", reach, check=False)
    assert "could not resolve" in shop.execute("nginx", "curl", "-sS", "http://db:3306/", check=False).lower()


DATABASE = """
import MySQLdb, sys
user, secret, *statements = {arguments!r}
password = open("/run/secrets/" + secret).read().strip() if secret.startswith("mysql") else secret
try:
    connection = MySQLdb.connect(host="db", user=user, passwd=password, db="hnm")
except MySQLdb.OperationalError as error:
    sys.exit(f"{{user}}: {{error}}")
for statement in statements:
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        print("done", cursor.fetchall())
    except MySQLdb.Error as error:
        print("refused", error.args[0])
"""


def _asked(shop: Production, user: str, secret: str, *statements: str) -> list[str]:
    return shop.execute(
        "web-blue", "python", "-c", DATABASE.format(arguments=[user, secret, *statements]), check=False
    ).splitlines()


def _migrations_password(shop: Production) -> str:
    return (shop.folder / "secrets/mysql_migration_password").read_text().strip()


def test_the_applications_database_user_can_read_and_write_rows_only(shop: Production):
    done = _asked(
        shop, "hnm", "mysql_password",
        "SELECT COUNT(*) > 0 FROM django_migrations",
        "CREATE TABLE intruder (id INT)", "DROP TABLE django_migrations", "ALTER TABLE django_migrations ADD x INT",
        "SELECT * FROM mysql.user", "CREATE USER intruder", "SHOW BINARY LOGS", "SELECT 1 INTO OUTFILE '/tmp/x'",
    )  # fmt: skip
    assert done[0] == "done ((1,),)"
    assert [line.split()[0] for line in done[1:]] == ["refused"] * 7, done


def test_the_migrations_user_can_change_tables_but_gives_no_rights(shop: Production):
    done = _asked(
        shop, "hnm_migrations", _migrations_password(shop),
        "CREATE TABLE trial (id INT)", "ALTER TABLE trial ADD x INT", "DROP TABLE trial",
        "CREATE USER intruder", "GRANT ALL ON hnm.* TO hnm", "SELECT * FROM mysql.user", "CREATE DATABASE other",
    )  # fmt: skip
    assert [line.split()[0] for line in done] == ["done"] * 3 + ["refused"] * 4, done
    assert "mysql_migration_password" not in shop.execute("web-blue", "ls", "/run/secrets")


def test_nobody_is_the_databases_root_from_outside_its_container(shop: Production):
    root = (shop.folder / "secrets/mysql_root_password").read_text().strip()
    assert "Access denied" in "".join(_asked(shop, "root", root, "SELECT 1"))
    console = 'MYSQL_PWD="$(cat /run/secrets/mysql_root_password)" mysql -N -B -u root -e "SELECT CURRENT_USER()"'
    assert shop.execute("db", "sh", "-c", console).strip() == "root@localhost"


def test_the_database_is_strict_and_logs_what_is_slow_and_what_changed(shop: Production):
    names = ("character_set_server", "sql_mode", "log_bin", "binlog_expire_logs_seconds", "slow_query_log", "gtid_mode")
    [line] = _asked(shop, "hnm", "mysql_password", "SELECT " + ", ".join(f"@@{name}" for name in names))
    assert "utf8mb4" in line
    assert "STRICT_TRANS_TABLES" in line
    assert line.endswith("1, 604800, 1, 'ON'),)"), line
    _asked(shop, "hnm", "mysql_password", "SELECT SLEEP(1.2)")
    wait_until(lambda: "SLEEP(1.2)" in shop.script("logs", "--slow"), seconds=10, what="the slow statement")
    # It is rotated where the binary logs are kept, which happens every quarter of an hour.
    script = (REPOSITORY / "scripts/server/in-database.sh").read_text()
    keep = 'SLOW_LOG_BYTES=1 bash -c "$1" in-database logs >/dev/null && cat /var/lib/mysql/slow.log.1'
    assert "SLEEP(1.2)" in shop.execute("db", "sh", "-c", keep, "sh", script)
    _asked(shop, "hnm", "mysql_password", "SELECT SLEEP(1.1)")
    wait_until(lambda: "SLEEP(1.1)" in shop.script("logs", "--slow"), seconds=10, what="the next one")
    assert "SLEEP(1.2)" not in shop.script("logs", "--slow")


def test_the_way_to_the_database_can_be_encrypted(shop: Production):
    ask = (
        "from django.db import connection; cursor = connection.cursor();"
        "cursor.execute(\"SHOW STATUS LIKE 'Ssl_cipher'\"); print(cursor.fetchall()[0][1])"
    )
    command = ("web-blue", "python", "manage.py", "shell", "-v", "0", "-c", ask)
    assert "AES" in shop.compose("exec", "--no-TTY", "--env", "DATABASE_TLS=on", *command)


# --- Memory -----------------------------------------------------------------------------------------------------------


def test_a_shop_under_small_load_fits(shop: Production, visitor: urllib3.HTTPSConnectionPool, tell: Tell):
    """A server with 2 GB has room for a deployment's second web and live (250 MB), and for the system, beside it."""
    # Mails cannot leave here.
    code = (
        "from tasks.models import Job;"
        "print(Job.objects.filter(state__in=['queued', 'running']).exclude(kind='mail.send').count())"
    )
    wait_until(lambda: shop.python(code) == "0", seconds=300, what="the demo's pictures drawn")
    stop = time.monotonic() + 10
    while time.monotonic() < stop:
        for path in ("/", "/shop/", "/blog/", "/contact/", "/accounts/login/"):
            assert visitor.request("GET", path).status == 200
        time.sleep(0.1)
    assert _memory_told(shop, tell, size="2gb") < LIMIT_OF_2GB


def _memory_told(shop: Production, tell: Tell, *, size: str) -> float:
    """MiB in all: of each service the median of five looks, for certbot's are short and rare."""
    looks = [shop.memory() for _ in range(5)]
    used = {name: statistics.median(look[name] for look in looks) for name in looks[0]}
    each = ", ".join(f"{name} {used[name]:.0f}" for name in sorted(used))
    together, cached = sum(used.values()), sum(shop.file_cache().values())
    tell(f"Memory at {size}: {each}: {together:.0f} MiB, of which {cached:.0f} are files that can be read again")
    return together - cached


# The goal is 700, and it takes 680 to 700. This bound notices growth, and not another machine's way of counting.
LIMIT_OF_2GB = 740


# --- Switching --------------------------------------------------------------------------------------------------------


class Loop(threading.Thread):
    """Visitors who never pause: some on connections that they keep, one on a new connection each time."""

    def __init__(self, shop: Production, path: str, *, keeps: bool) -> None:
        super().__init__(daemon=True)
        self._pool = shop.visitor(maxsize=1)
        self._path = path
        self._headers = {} if keeps else {"Connection": "close"}
        self._ended = threading.Event()
        self.answers: Counter[str] = Counter()

    def run(self) -> None:
        while not self._ended.is_set():
            self.answers[self._ask()] += 1

    def _ask(self) -> str:
        try:
            return str(self._pool.request("GET", self._path, headers=_with(self._pool, self._headers)).status)
        except urllib3.exceptions.HTTPError as error:
            return repr(error)

    def end(self) -> None:
        self._ended.set()
        self.join(60)


@contextmanager
def _visitors(shop: Production) -> Iterator[Counter[str]]:
    """Their answers, counted when they have left."""
    # Pages that Django makes each time, and one that nginx keeps.
    loops = [
        Loop(shop, path, keeps=keeps) for path in ("/contact/", "/health/ready", "/shop/") for keeps in (True, False)
    ]
    answers: Counter[str] = Counter()
    for loop in loops:
        loop.start()
    try:
        yield answers
    finally:
        for loop in loops:
            loop.end()
            answers.update(loop.answers)


def _release(shop: Production, colour: str) -> str:
    return shop.execute(f"web-{colour}", "printenv", "RELEASE").strip()


def _stop(shop: Production, colour: str) -> None:
    """As scripts/server/activate does it."""
    shop.compose("stop", f"live-{colour}")
    assert "still under way" not in shop.script("proxy", "drain")
    shop.compose("stop", f"web-{colour}")


def _answers_within(shop: Production, service: str) -> bool:
    """Whether nginx is answered by that service."""
    asked = f"http://{service}:8000/health/ready"
    return "200" in shop.execute(
        "nginx", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Host: {DOMAIN}", asked, check=False
    )


def test_nobody_notices_the_switch_to_another_colour(shop: Production, tell: Tell):
    refused = shop.script("proxy", "switch", "green", check=False)
    assert "there is no web-green" in refused
    assert shop.script("proxy", "colour").strip() == "blue"
    # What these few send would be too much for one address.
    shop.extra = {"RATE_LIMITS": "off"}
    shop.compose("up", "--detach", "--no-deps", "--wait", "nginx")
    wait_until(lambda: _is_served_by_the_authority(shop), seconds=30, what="the shop again")
    with _visitors(shop) as answers:
        shop.extra |= {"IMAGE": f"{shop.project}:two"}
        shop.compose("up", "--detach", "--no-deps", "--wait", "web-green", "live-green")
        assert (_release(shop, "blue"), _release(shop, "green")) == ("one", "two")
        started = time.monotonic()
        shop.script("proxy", "switch", "green")
        switched = time.monotonic() - started
        _stop(shop, "blue")
        # And back, as a rollback does it.
        shop.compose("start", "web-blue", "live-blue")
        wait_until(lambda: _answers_within(shop, "web-blue"), seconds=60, what="blue answers again")
        shop.script("proxy", "switch", "blue")
        shop.script("proxy", "switch", "green")
        _stop(shop, "blue")
    tell(f"Switch under load: {switched:.1f} s, answers {dict(answers)}")
    assert set(answers) == {"200"}
    assert answers["200"] > 300
    assert (shop.folder / "state/colour").read_text().strip() == "green"
    assert "web-green" in shop.services(), "what normally runs follows the colour"


# --- Renewal ----------------------------------------------------------------------------------------------------------


def test_a_renewed_certificate_is_served_by_itself(shop: Production, tell: Tell):
    before = shop.serial()
    started = time.monotonic()
    wait_until(lambda: shop.serial() != before, seconds=LIFE_OF_A_CERTIFICATE, what="another certificate")
    assert _is_served_by_the_authority(shop)
    renewals = shop.compose("logs", "--no-color", "nginx").count("new certificate taken over")
    tell(f"Renewal: another certificate after {time.monotonic() - started:.0f} s; {renewals} taken over in this run")


# --- Behind another proxy, and with less memory -----------------------------------------------------------------------


def test_behind_another_proxy_that_has_the_certificate(shop: Production):
    """Here the proxy is this test, which comes from the engine's side of the network."""
    shop.extra |= {"TLS": "off", "TRUSTED_PROXIES": "172.16.0.0/12,10.0.0.0/8,192.168.0.0/16"}
    shop.compose("up", "--detach", "--no-deps", "--wait", "nginx")
    forwarded = {"Host": f"{DOMAIN}:{shop.https}", "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}

    def ask(**headers: str) -> urllib3.BaseHTTPResponse:
        return urllib3.request(
            "GET",
            f"http://127.0.0.1:{shop.http}/contact/",
            headers={**forwarded, **headers},
            redirect=False,
            retries=False,
        )

    assert ask().status == 200
    assert ask(**{"X-Forwarded-Proto": "http"}).status == 301, "Django sends them to https"
    assert "203.0.113.7" in shop.compose("logs", "--no-color", "--tail", "20", "nginx")
    shop.extra["TRUSTED_PROXIES"] = "203.0.113.1"
    shop.compose("up", "--detach", "--no-deps", "--wait", "nginx")
    assert ask().status == 301, "from anybody else the word of the visitor does not count"
    assert '"client":"203.0.113.7"' not in shop.compose("logs", "--no-color", "--tail", "3", "nginx")
    del shop.extra["TLS"], shop.extra["TRUSTED_PROXIES"]


def test_a_server_with_1_gb_runs_one_worker_for_everything(shop: Production, tell: Tell):
    shop.extra |= {"SERVER_SIZE": "1gb"}
    shop.compose("stop", "worker", "worker-io", "flower")
    shop.compose("rm", "--force", "worker", "worker-io", "flower")
    services = shop.services()
    assert "worker-all" in services
    assert not {"worker", "worker-io", "flower"} & set(services)
    shop.compose("up", "--detach", "--wait", *services)
    wait_until(lambda: _is_served_by_the_authority(shop), seconds=60, what="the shop over https again")
    code = "from tasks.services import jobs; print(jobs.enqueue('ecommerce.index_category', category_id=1).pk)"
    job = shop.python(code, service="web-green")
    state = f"from tasks.models import Job; print(Job.objects.get(pk={job}).state)"
    wait_until(lambda: shop.python(state, service="web-green") == "done", seconds=60, what="a long job done")
    assert _memory_told(shop, tell, size="1gb") < LIMIT_OF_1GB


LIMIT_OF_1GB = 540
