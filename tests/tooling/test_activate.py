"""The order of a deployment, and what is taken back where, with an engine that is only written down.

What a real engine does is tried in tests/stack/test_11_deploying.py; here it is every step failing in turn.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "20261121-150000-aaaaaaa", "20261121-160000-bbbbbbb"
# Writes down what it is asked for, and fails where $FAIL says.
COMPOSE = """#!/usr/bin/env bash
release=$(basename "$(cd "$(dirname "$0")/../.." && pwd -P)")
printf '%s compose %s\\n' "${release##*-}" "$*" >>"$SHOP_DIR/calls"
if [[ -n ${FAIL:-} && "${release##*-} $*" =~ $FAIL ]]; then echo "it failed as wanted"; exit 1; fi
case "$*" in
  *'config --services') printf 'beat\\nworker\\nworker-io\\nflower\\nweb-blue\\nnginx\\n' ;;
  *'config --images') echo shop:new ;;
  'config --hash '*) echo "$3 same" ;;
  *--back-over*) printf '%s' "${BACK_OVER:-}" ;;
  *release_check) printf '%s' "${SCHEMA:-}" ;;
  'ps --quiet'*) echo 0123456789ab ;;
esac
"""
PROXY = """#!/usr/bin/env bash
release=$(basename "$(cd "$(dirname "$0")/../.." && pwd -P)")
printf '%s proxy %s\\n' "${release##*-}" "$*" >>"$SHOP_DIR/calls"
if [[ -n ${FAIL:-} && "${release##*-} proxy $*" =~ $FAIL ]]; then echo "it failed as wanted"; exit 1; fi
if [[ $1 == switch ]]; then echo "$2" >"$SHOP_DIR/state/colour"; fi
"""
OTHER = """#!/usr/bin/env bash
printf '%s\\n' "$(basename "$0")" >>"$SHOP_DIR/calls"
[[ -z ${FAIL:-} || ! $(basename "$0") =~ $FAIL ]] || { echo "it failed as wanted"; exit 1; }
"""
DOCKER = '#!/usr/bin/env bash\ncase "$*" in inspect*) echo same ;; esac\n'


@dataclass
class Shop:
    folder: Path

    def activate(self, release: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "SHOP_DIR": str(self.folder), "PATH": f"{self.folder}/bin:{os.environ['PATH']}"}
        return subprocess.run(
            [str(self.folder / "releases" / release / "scripts/server/activate"), *options],
            env={**environment, **variables}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    def called(self, words: str) -> int:
        """The place of the first call with these words; -1 where there is none."""
        return next((place for place, call in enumerate(self.calls) if words in call), -1)

    @property
    def serving(self) -> tuple[str, str]:
        return (self.folder / "current").readlink().name, (self.folder / "state/colour").read_text().strip()

    def last(self, name: str) -> str:
        lines = (self.folder / "state/last-deploy").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)[name]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    for name in ("releases", "config", "secrets", "state", "bin"):
        (tmp_path / name).mkdir()
    (tmp_path / "config/env").write_text("DOMAIN=shop.example.com\n")
    (tmp_path / "state/colour").write_text("blue\n")
    (tmp_path / "current").symlink_to(f"releases/{OLD}")
    _program(tmp_path / "bin/docker", DOCKER)
    _program(tmp_path / "bin/sleep", "#!/bin/sh\n")
    for name in (OLD, NEW):
        folder = tmp_path / "releases" / name
        scripts = folder / "scripts/server"
        scripts.mkdir(parents=True)
        (folder / "release.env").write_text(f"IMAGE=shop:{name}\nRELEASE={name}\nSUBJECT=a change\n")
        for script in ("activate", "lib.sh", "release.sh"):
            shutil.copy2(ROOT / "scripts/server" / script, scripts / script)
        shutil.copytree(ROOT / "scripts/lib", folder / "scripts/lib")
        _program(scripts / "compose", COMPOSE)
        _program(scripts / "proxy", PROXY)
        for script in ("smoke", "backup"):
            _program(scripts / script, OTHER)
    (tmp_path / f"releases/{OLD}/served").write_text("before\n")
    return Shop(tmp_path)


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_each_step_comes_after_the_one_that_it_needs(shop: Shop):
    result = shop.activate(NEW, SCHEMA="pending core.0009_x\n")
    assert result.returncode == 0, result.stdout + result.stderr
    steps = [
        "config --quiet", "bbbbbbb proxy install", "release_check", "backup", "run --rm --no-deps -T migrate",
        "up --detach --no-deps --wait --wait-timeout 180 web-green live-green", "exec -T nginx curl",
        "bbbbbbb proxy switch green", "smoke", "beat flower worker worker-io",
        "rm --stop --force live-blue", "bbbbbbb proxy drain", "rm --stop --force web-blue",
    ]  # fmt: skip
    places = [
        max(place for place, call in enumerate(shop.calls) if step in call and not call.endswith("release_check"))
        if step.endswith("migrate")
        else shop.called(step)
        for step in steps
    ]
    assert -1 not in places
    assert places == sorted(places)
    assert shop.serving == (NEW, "green")
    assert (shop.last("RESULT"), shop.last("BEFORE")) == ("succeeded", OLD)
    assert "serves, after" in result.stdout


@pytest.mark.parametrize(
    ("fail", "words"),
    [
        ("^bbbbbbb config --quiet", "the settings do not fit this release"),
        ("^bbbbbbb proxy install", "nginx refuses the configuration"),
        ("^bbbbbbb .*release_check", "cannot be asked for its migrations"),
        ("^backup", "the backup failed"),
        ("^bbbbbbb run --rm --no-deps -T migrate$", "the migration failed"),
        ("^bbbbbbb up .*web-green", "did not become healthy"),
        ("^bbbbbbb exec -T nginx", "does not serve /"),
        ("^bbbbbbb proxy switch", "nginx did not take the switch"),
        ("^smoke", "taken back at once"),
        ("^bbbbbbb up .*worker", "the new workers did not become healthy"),
    ],
)
def test_whatever_fails_the_release_of_before_serves(shop: Shop, fail: str, words: str):
    result = shop.activate(NEW, FAIL=fail, SCHEMA="pending core.0009_x\n")
    assert result.returncode == 1
    assert words in result.stderr
    assert f"{OLD} serves, as before." in result.stderr
    assert shop.serving == (OLD, "blue")
    assert shop.last("RESULT") == "failed"
    assert not (shop.folder / f"releases/{NEW}/served").exists()
    assert shop.called("rm --stop --force web-blue") == -1, "the old web is never stopped"
    if shop.called("up --detach --no-deps --wait --wait-timeout 180 web-green") >= 0:
        for role in ("live", "web"):
            assert f"bbbbbbb compose rm --stop --force {role}-green" in shop.calls[-4:]


def test_workers_of_before_come_back(shop: Shop):
    shop.activate(NEW, FAIL="^bbbbbbb up .*worker")
    assert (
        shop.called("aaaaaaa compose up --detach --no-deps --wait --wait-timeout 180 beat flower worker worker-io") > 0
    )
    assert shop.called("aaaaaaa proxy switch blue") > 0


def test_an_unsafe_migration_needs_a_closed_shop(shop: Shop):
    schema = "pending core.0009_x\nunsafe (core, 0009_x): Remove field: the release before still uses it.\n"
    result = shop.activate(NEW, SCHEMA=schema)
    assert "could not live with these migrations" in result.stderr
    assert shop.called("migrate") == shop.called("release_check"), "nothing was migrated"
    result = shop.activate(NEW, "--with-downtime", SCHEMA=schema)
    assert result.returncode == 0, result.stderr
    closed, opened = shop.called("proxy maintenance on"), shop.called("proxy maintenance off")
    assert 0 < closed < shop.called("proxy switch green") < opened


def test_a_shop_that_was_closed_for_a_migration_is_opened_when_it_fails(shop: Shop):
    result = shop.activate(
        NEW,
        "--with-downtime",
        SCHEMA="pending core.0009_x\nunsafe why\n",
        FAIL="^bbbbbbb run --rm --no-deps -T migrate$",
    )
    assert result.returncode == 1
    assert shop.called("aaaaaaa proxy maintenance off") > shop.called("proxy maintenance on") > 0


@pytest.mark.parametrize("option", ["", "--rollback"])
def test_goes_back_only_where_the_older_release_can_live_with_the_schema(shop: Shop, option: str):
    options = [option] if option else []
    unsafe = {"SCHEMA": "unknown core.0009_x\n", "BACK_OVER": "unsafe (core, 0009_x): still used\n"}
    result = shop.activate(NEW, *options, **unsafe)
    assert result.returncode == 1
    assert "the database has gone on" in result.stderr
    assert shop.activate(NEW, *options, SCHEMA="unknown core.0009_x\n").returncode == 0


def test_a_rollback_migrates_nothing_and_wants_nothing_migrated(shop: Shop):
    assert shop.activate(NEW, "--rollback").returncode == 0
    assert [call for call in shop.calls if call.endswith("migrate")] == []
    result = shop.activate(OLD, "--rollback", SCHEMA="pending core.0009_x\n")
    assert "Deploy that commit instead" in result.stderr


def test_a_renewal_uses_the_same_release_and_the_other_colour(shop: Shop):
    result = shop.activate(OLD, "--again")
    assert result.returncode == 0, result.stderr
    assert shop.serving == (OLD, "green")
    assert any("--force-recreate" in call and "worker" in call for call in shop.calls)


def test_a_first_deployment_that_fails_leaves_nothing_that_serves(shop: Shop):
    (shop.folder / "current").unlink()
    (shop.folder / "state/colour").unlink()
    result = shop.activate(NEW, FAIL="^bbbbbbb up .*web-blue")
    assert result.returncode == 1
    assert "Nothing served before" in result.stderr
    assert not (shop.folder / "current").is_symlink()
    assert shop.activate(NEW).returncode == 0
    assert shop.serving == (NEW, "blue")


def test_a_dry_run_asks_and_changes_nothing(shop: Shop):
    made = shop.activate(NEW, "--dry-run", SCHEMA="pending core.0009_x\n")
    assert made.returncode == 0, made.stderr
    assert f"This would have {NEW} serve, in the place of {OLD}" in made.stdout
    assert "migrations: core.0009_x" in made.stdout
    assert "Nothing was changed." in made.stdout
    assert shop.serving == (OLD, "blue")
    assert not any(word in call for call in shop.calls for word in ("up ", "switch", "install", "backup", " stop"))
    assert not (shop.folder / "state/last-deploy").exists()
    assert not (shop.folder / "state/audit.log").exists()


def test_a_dry_run_says_what_would_be_in_the_way(shop: Shop):
    made = shop.activate(NEW, "--dry-run", FAIL="config --quiet")
    assert made.returncode == 1
    assert "the settings do not fit this release" in made.stderr
    assert "Nothing was changed." in made.stderr


def test_who_ends_it_has_it_put_back(shop: Shop):
    """As `make unlock` does."""
    (shop.folder / f"releases/{NEW}/scripts/server/smoke").write_text(
        "#!/bin/sh\nkill -TERM $PPID; exec /bin/sleep 1\n"
    )
    result = shop.activate(NEW)
    assert result.returncode == 1
    assert shop.serving == (OLD, "blue")
