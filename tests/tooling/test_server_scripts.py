"""What scripts/server does without an engine: the lock, settings and secrets, which releases stay."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "scripts/server"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name in ("releases", "config", "secrets", "state"):
        (tmp_path / name).mkdir()
    return tmp_path


def run(shop: Path, *command: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=30, env={**os.environ, "SHOP_DIR": str(shop)},
        check=False,
    )  # fmt: skip


def session(shop: Path, who: str, why: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["bash", str(SERVER / "session"), who, why], env={**os.environ, "SHOP_DIR": str(shop)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def hang_up(process: subprocess.Popen[str]) -> int:
    """As a lost connection: nothing comes any more, and nobody listens."""
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    process.stdout.close()
    return process.wait(timeout=10)


def release(shop: Path, name: str, *, served: bool = True, image: str = "", script: str = "") -> Path:
    folder = shop / "releases" / name
    (folder / "scripts/server").mkdir(parents=True)
    (folder / "release.env").write_text(f"IMAGE={image or name}\nRELEASE={name}\nSUBJECT=a change\n")
    if served:
        (folder / "served").write_text("2026-11-21T15:00:00Z\n")
    if script:
        path = folder / "scripts/server/try"
        path.write_text(f"#!/usr/bin/env bash\n{script}\n")
        path.chmod(0o755)
    return folder


def test_the_second_is_told_who_is_at_work_and_why(shop: Path):
    first = session(shop, "alice@laptop", "a new header")
    assert first_line(first) == "locked"
    second = session(shop, "bob@office", "another")
    said = first_line(second)
    assert said.startswith("refused alice@laptop since ")
    assert "“a new header”" in said
    assert hang_up(second) == 1
    hang_up(first)


def test_a_connection_that_ends_leaves_no_lock(shop: Path):
    first = session(shop, "alice@laptop", "first")
    assert first_line(first) == "locked"
    hang_up(first)
    second = session(shop, "bob@office", "second")
    assert first_line(second) == "locked"
    hang_up(second)


def test_a_killed_session_leaves_no_lock(shop: Path):
    first = session(shop, "alice@laptop", "first")
    assert first_line(first) == "locked"
    first.kill()
    hang_up(first)
    second = session(shop, "bob@office", "second")
    assert first_line(second) == "locked"
    hang_up(second)


def test_what_was_begun_goes_on_without_who_began_it_and_keeps_the_lock(shop: Path):
    script = 'echo "$SHOP_WHO: $SHOP_WHY, $1"; until [ -e "$SHOP_DIR/go" ]; do sleep 0.1; done; touch "$SHOP_DIR/done"'
    release(shop, "20261121-150000-aaaaaaa", script=script)
    first = session(shop, "alice@laptop", "a new header")
    assert first_line(first) == "locked"
    assert first.stdin
    first.stdin.write("try 20261121-150000-aaaaaaa two\\ words \n")
    first.stdin.flush()
    assert first_line(first) == "alice@laptop: a new header, two words"
    first.kill()
    hang_up(first)
    second = session(shop, "bob@office", "second")
    assert first_line(second).startswith("refused alice@laptop")
    hang_up(second)
    (shop / "go").touch()
    subprocess.run(["flock", "--timeout", "10", str(shop / "state/lock/held"), "true"], check=True)
    assert (shop / "done").exists()


def test_the_exit_code_comes_back_last(shop: Path):
    release(shop, "20261121-150000-aaaaaaa", script="echo said; exit 3")
    output, _nothing = session(shop, "alice@laptop", "why").communicate("try 20261121-150000-aaaaaaa\n", timeout=20)
    assert output.splitlines() == ["locked", "said", "exit 3"]


def test_secrets_are_made_once_and_differ(shop: Path):
    command = (
        str(SERVER / "configure"),
        "--domain",
        "shop.example.com",
        "--email",
        "alice@example.com",
        "--email-url",
        "-",
    )
    assert run(shop, *command, text="smtp://mail.example.com:25\n").returncode == 0
    secrets = {path.name: path.read_text().strip() for path in (shop / "secrets").iterdir()}
    random = [
        secrets[name] for name in ("secret_key", "mysql_password", "mysql_migration_password", "mysql_root_password")
    ]
    assert len(set(random)) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9]{50}", value) for value in random)
    assert secrets["email_url"] == "smtp://mail.example.com:25"
    assert secrets["stripe_api_key"] == ""
    settings = (shop / "config/env").read_text()
    assert "DOMAIN=shop.example.com\n" in settings
    assert not [value for value in random if value in settings]
    # Every secret that the Compose file asks for is there, or nothing would start.
    assert set(re.findall(r"/secrets/([a-z0-9_]+)", (ROOT / "docker-compose.prod.yml").read_text())) == set(secrets)
    assert run(shop, str(SERVER / "configure"), "--set", "SERVER_SIZE=4gb").returncode == 0
    assert {path.name: path.read_text().strip() for path in (shop / "secrets").iterdir()} == secrets
    assert (shop / "config/env").read_text().endswith("SERVER_SIZE=4gb\n")


def test_the_first_settings_need_a_domain(shop: Path):
    result = run(shop, str(SERVER / "configure"))
    assert result.returncode == 1
    assert "DOMAIN=shop.example.com" in result.stderr


def test_lists_releases_and_knows_the_one_before(shop: Path):
    for name, served in (
        ("20261121-150000-aaaaaaa", True),
        ("20261121-160000-bbbbbbb", False),
        ("20261121-170000-ccccccc", True),
    ):
        release(shop, name, served=served)
    (shop / "current").symlink_to("releases/20261121-170000-ccccccc")
    listed = run(shop, str(SERVER / "releases")).stdout.splitlines()
    assert [line[:25] for line in listed] == [
        "* 20261121-170000-ccccccc", "  20261121-160000-bbbbbbb", "+ 20261121-150000-aaaaaaa",
    ]  # fmt: skip
    assert run(shop, str(SERVER / "releases"), "--previous").stdout == "20261121-150000-aaaaaaa\n"


def test_keeps_the_last_that_served_and_the_one_that_does(shop: Path):
    for hour in range(10, 18):
        release(shop, f"20261121-{hour}0000-aaaaaaa", served=hour != 16)
    (shop / "current").symlink_to("releases/20261121-110000-aaaaaaa")
    line = f". {SERVER}/lib.sh; . {SERVER}/release.sh; releases_to_forget 3"
    forgotten = run(shop, "bash", "-euc", line).stdout.split()
    assert forgotten == [f"20261121-{hour}0000-aaaaaaa" for hour in (16, 13, 12, 10)] or forgotten == [
        f"20261121-{hour}0000-aaaaaaa" for hour in (16, 14, 13, 12, 10)
    ]
    assert "20261121-110000-aaaaaaa" not in forgotten
    assert "20261121-170000-aaaaaaa" not in forgotten


@pytest.mark.parametrize("host", ["", "-oProxyCommand=x", "a b"])
def test_no_host_is_no_server(host: str):
    line = ". scripts/lib/messages.sh; . scripts/lib/remote.sh; read_host"
    result = subprocess.run(
        ["bash", "-euc", line], cwd=ROOT, env={**os.environ, "HOST": host}, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "Error: " in result.stderr


@pytest.mark.parametrize(
    ("host", "server", "port"),
    [
        ("shop.example.com", "deploy@shop.example.com", ""),
        ("root@shop.example.com:2222", "root@shop.example.com", "2222"),
        ("[2001:db8::1]:22", "deploy@2001:db8::1", "22"),
        ("bob@2001:db8::1", "bob@2001:db8::1", ""),
    ],
)
def test_reads_the_host(host: str, server: str, port: str):
    line = '. scripts/lib/messages.sh; . scripts/lib/remote.sh; read_host; echo "$SERVER ${SSH[*]}"'
    result = subprocess.run(
        ["bash", "-euc", line], cwd=ROOT, env={**os.environ, "HOST": host}, capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith(f"{server} ssh ")
    assert (f"-p {port}" in result.stdout) == bool(port)
