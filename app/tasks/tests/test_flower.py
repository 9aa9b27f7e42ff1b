"""Flower itself: what it shows, and what it keeps. Who is let in to it is in test_watching.py."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import flower
import pytest
import redis
from django.conf import settings as django_settings
from tornado.template import filter_whitespace

from tasks.tests.processes import Processes, wait_until

SECRETS = {
    "SECRET_KEY": "secret-of-django-" + "x" * 40,
    "DATABASE_URL": "sqlite:////tmp/secret-of-database.sqlite3",
    "REDIS_URL": "redis://worker:secret-of-broker@127.0.0.1:1/0",
    "CACHE_URL": "redis://:secret-of-cache@127.0.0.1:1/1",
    "EMAIL_URL": "smtp://shop:secret-of-mail@127.0.0.1:1",
    "SENTRY_DSN": "",
    "STRIPE_API_KEY": "sk_test_secret-of-stripe",
    "STRIPE_WEBHOOK_SECRET": "whsec_secret-of-webhook",
}
PAGES = [
    "", "workers", "workers?json=1", "tasks", "broker", "api/workers", "api/workers?refresh=1", "api/tasks",
    "api/task/types", "api/queues/length", "metrics", "healthcheck", "no/such/page",
]  # fmt: skip


def test_celery_is_told_its_own_settings_and_no_secret():
    """What a worker answers to `inspect conf`, which Flower shows."""
    code = "import json; from hnmproject.celery_app import app; print(json.dumps(app.conf.table(True), default=str))"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=django_settings.APP_DIR, env={**os.environ, **SECRETS, "DJANGO_SETTINGS_MODULE": "hnmproject.settings"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    configuration = json.loads(told)
    assert "secret-of" not in told
    assert configuration["broker_url"].startswith("redis://worker:********@127.0.0.1")
    assert configuration["task_acks_late"] is True
    assert [name for name in configuration if name.isupper() and not name.startswith("CELERY_")] == []


@pytest.fixture
def secured_broker(settings):
    """This test's broker, with a user whose password must be seen nowhere."""
    address = urlsplit(settings.REDIS_URL)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
        client.acl_setuser(
            "watched", enabled=True, passwords=["+secret-of-broker"], keys=["*"], channels=["*"], categories=["+@all"]
        )
        settings.REDIS_URL = address._replace(netloc=f"watched:secret-of-broker@{address.netloc}").geturl()
        yield client
        client.acl_deluser("watched")
        client.flushdb()


@pytest.fixture
def processes(tmp_path, monkeypatch):
    monkeypatch.setenv("FLOWER_UNAUTHENTICATED_API", "true")
    running = Processes(tmp_path)
    try:
        yield running
    finally:
        running.stop_all()
        print(running.logs())  # noqa: T201  # pytest shows it where the test fails


class Watcher:
    """A Flower of its own, on a port of its own."""

    def __init__(self, processes: Processes) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self._processes = processes
        self.start()

    def start(self) -> None:
        conf = django_settings.APP_DIR / "hnmproject" / "flower.py"
        self.group = self._processes.flower(f"--conf={conf}", f"--port={self.port}", "--address=127.0.0.1")
        wait_until(lambda: self._answers(), "Flower answers")

    def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/flower/{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def tasks(self) -> dict:
        return json.loads(self.ask("api/tasks")[1])

    def _answers(self) -> bool:
        try:
            return self.ask("healthcheck") == (200, "OK")
        except OSError:
            return False


@pytest.mark.django_db(transaction=True)
def test_flower_shows_no_password_changes_nothing_and_remembers(secured_broker, processes, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    watcher = Watcher(processes)
    worker = processes.worker()
    wait_until(lambda: worker.address in watcher.ask("workers?json=1")[1], "Flower sees the worker")
    wait_until(lambda: "conf" in watcher.ask("api/workers?refresh=1")[1], "it knows the worker's configuration")
    for path in [*PAGES, f"worker/{worker.address}"]:
        _status, page = watcher.ask(path)
        assert page, path
        assert "secret-of-broker" not in page, path
    assert "watched:**@" in watcher.ask("broker")[1]

    assert watcher.ask(f"api/worker/shutdown/{worker.address}", "POST")[0] == 403
    assert watcher.ask("api/task/send-task/tasks.sweep", "POST")[0] == 403

    _send("tasks.sweep", settings.REDIS_URL)
    wait_until(watcher.tasks, "Flower has seen the task")
    before = set(watcher.tasks())
    watcher.group.end()
    watcher.start()
    assert before <= set(watcher.tasks())


def _send(task: str, broker: str) -> None:
    from hnmproject.celery_app import app

    with app.connection_for_write(broker) as connection:
        app.send_task(task, connection=connection, queue="io")
        app.send_task(task, connection=connection, queue="default")


def test_nginx_lets_flowers_one_script_run_and_no_other():
    """Its hash stands in nginx's policy: a new Flower with another script needs another."""
    folder = Path(flower.__file__).parent / "templates"
    scripts = [
        script
        for page in folder.glob("*.html")
        for script in re.findall(r"<script(?: type=\"text/javascript\")?>(.*?)</script>", page.read_text(), re.DOTALL)
    ]
    assert len(scripts) == 1
    text = filter_whitespace("single", scripts[0].replace("{{ autorefresh }}", "1"))  # as Tornado does
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    snippet = django_settings.BASE_DIR / "nginx" / "snippets" / "flower.conf"
    if not snippet.exists():
        pytest.skip("the image holds no nginx")
    assert f"'sha256-{digest}'" in snippet.read_text()
