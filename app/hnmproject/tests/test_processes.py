"""What each role loads: a process keeps that for as long as it lives, and a small server runs seven of them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.template import engines

from hnmproject import preloading

WORKER = """
from hnmproject import celery_process
celery_process.app.loader.init_worker()
"""
LIVE = """
from django.test import Client
import hnmproject.asgi
for path in ("/health/live", "/shop/", "/ws/jobs/1/"):
    print(path, Client().get(path).status_code)
"""
LOADED = """
import sys
print("loaded:", *sorted({name.split(".")[0] for name in sys.modules} | {n for n in sys.modules if n.count(".") == 1}))
"""


def _told(code: str, **variables: str) -> str:
    """As a process of its own says it."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "hnmproject.settings", "CELERY_SKIP_CHECKS": "1", **variables,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", code + LOADED], cwd=django_settings.APP_DIR, env=environment,
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def _loaded(told: str) -> set[str]:
    return set(told.partition("loaded: ")[2].split())


def test_a_worker_loads_neither_flower_nor_a_shell_nor_stripe() -> None:
    loaded = _loaded(_told(WORKER))
    assert loaded >= {"ecommerce.jobs", "core.models", "hnmproject.tasks"}
    assert not loaded & {"flower", "prompt_toolkit", "tornado", "stripe", "fido2", "hnmproject.urls"}


def test_beat_loads_the_tables_that_it_reads() -> None:
    loaded = _loaded(_told(WORKER, DJANGO_SETTINGS_MODULE="hnmproject.beat_settings"))
    assert loaded >= {"tasks.models", "django_celery_beat.models", "users.models"}
    assert not loaded & {"ecommerce", "core.models", "allauth", "stripe", "PIL", "flower"}


def test_the_live_role_answers_how_it_is_and_has_no_pages() -> None:
    told = _told(LIVE, DJANGO_SETTINGS_MODULE="hnmproject.live_settings", ALLOWED_HOSTS="testserver")
    assert told.splitlines()[:3] == ["/health/live 200", "/shop/ 404", "/ws/jobs/1/ 404"]
    assert not _loaded(told) & {"hnmproject.urls", "hnmproject.views", "fido2", "stripe"}


@pytest.mark.parametrize("arguments", [[], ["purge"]])
def test_a_process_that_nobody_knows_is_an_error(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hnmproject.celery_process", *arguments], cwd=django_settings.APP_DIR, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hnmproject.settings"}, capture_output=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, "Usage: python -m hnmproject.celery_process worker|beat OPTION…\n")


def test_templates_are_compiled_before_web_processes_are_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    engine = engines["django"].engine  # type: ignore[attr-defined]  # what all backends have in common has none
    find = engine.find_template
    monkeypatch.setattr(engine, "find_template", lambda name, **options: compiled.append(name) or find(name, **options))
    preloading.load()
    assert {"base.html", "core/blog_post.html", "ecommerce/product.html"} <= set(compiled)
