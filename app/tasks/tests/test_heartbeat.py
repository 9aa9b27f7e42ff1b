from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings

from tasks import heartbeat

PROBE = [sys.executable, "-X", "importtime", "-m", "tasks.probe"]


def probe(*arguments):
    return subprocess.run([*PROBE, *map(str, arguments)], cwd=django_settings.APP_DIR, capture_output=True, text=True)


def test_a_fresh_heartbeat_is_healthy(settings, tmp_path):
    settings.HEARTBEAT_FILE = str(tmp_path / "heartbeat" / "worker")
    heartbeat.beat()
    assert probe("heartbeat", settings.HEARTBEAT_FILE, 30).returncode == 0


def test_a_stale_heartbeat_is_not(tmp_path):
    path = tmp_path / "worker"
    path.touch()
    os.utime(path, (time.time() - 100, time.time() - 100))
    outcome = probe("heartbeat", path, 30)
    assert outcome.returncode == 1
    assert "100 s ago, 30 s are allowed" in outcome.stderr


def test_neither_is_none_at_all(tmp_path):
    outcome = probe("heartbeat", tmp_path / "worker", 30)
    assert outcome.returncode == 1
    assert "does not exist" in outcome.stderr


def test_the_probe_says_how_it_is_used():
    outcome = probe("nonsense")
    assert outcome.returncode == 2
    assert "Usage:" in outcome.stderr


def test_the_probe_is_light(tmp_path):
    imported = probe("heartbeat", tmp_path, 30).stderr
    assert "pathlib" in imported
    assert not any(heavy in imported for heavy in ("django", "celery", "kombu"))


def test_no_file_is_touched_unless_one_is_named(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings.HEARTBEAT_FILE = ""
    heartbeat.beat()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_the_probe_asks_a_web_process(live_server):
    assert probe("http", f"{live_server.url}/health/ready").returncode == 0
    missing = probe("http", f"{live_server.url}/no/such/page/")
    assert missing.returncode == 1
    assert "answers 404" in missing.stderr


def test_the_probe_says_when_nothing_answers():
    outcome = probe("http", "http://127.0.0.1:1/health/ready")
    assert outcome.returncode == 1
    assert "does not answer" in outcome.stderr
