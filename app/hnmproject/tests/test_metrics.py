from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError
from django.utils import timezone

from hnmproject import metrics
from tasks import queues, selectors
from tasks.models import Job
from tasks.services import presence
from tasks.tests.making import a_job

pytestmark = pytest.mark.django_db


def scrape(client) -> dict[str, float]:
    """Each sample by its name and labels."""
    text = client.get("/metrics").content.decode()
    lines = [line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _space, value in lines}


def test_counts_requests_by_view_and_status(client):
    none = 'shop_requests_total{method="GET",status="404",view="none"}'
    before = scrape(client)
    client.get("/no/such/page/at/all/")
    found = [name for name, value in scrape(client).items() if value != before.get(name) and 'status="404"' in name]
    assert found == [none]


def test_counts_and_times_queries(client):
    name = 'shop_database_queries_total{view="home"}'
    before = scrape(client).get(name, 0)
    client.get("/")
    after = scrape(client)
    assert after[name] > before
    assert after['shop_database_seconds_total{view="home"}'] > 0
    assert after['shop_request_seconds_count{view="home"}'] >= 1


def test_counts_queries_that_fail():
    queries = metrics._Queries()

    def fail(*args):
        raise DatabaseError("gone")

    with pytest.raises(DatabaseError):
        queries(fail, "SELECT 1", None, False, None)
    assert (queries.number, queries.errors) == (1, 1)


def test_an_odd_method_is_no_label(client):
    client.generic("EVIL-1", "/")
    assert not [name for name in scrape(client) if "EVIL" in name]


def test_jobs_by_kind_queue_and_state(client):
    a_job(kind="a", queue=queues.BULK)
    a_job(kind="a", queue=queues.BULK)
    a_job(kind="a", queue=queues.BULK, state=Job.State.RUNNING)
    a_job(kind="b", queue=queues.IO, state=Job.State.FAILED, finished=timezone.now())
    a_job(kind="b", queue=queues.IO, state=Job.State.FAILED, finished=timezone.now() - timedelta(hours=2))
    found = scrape(client)
    assert found['shop_jobs{kind="a",queue="bulk",state="queued"}'] == 2
    assert found['shop_jobs{kind="a",queue="bulk",state="running"}'] == 1
    assert found['shop_jobs_ended_last_hour{kind="b",state="failed"}'] == 1


def test_age_of_each_queue_and_who_serves_it(client):
    presence.note(name="worker@a", role="worker", queues=["default", "bulk"])
    presence.note(name="beat@a", role="beat")
    a_job(queue=queues.BULK, run_after=timezone.now() - timedelta(minutes=10))
    found = scrape(client)
    assert 600 <= found['shop_queue_oldest_due_seconds{queue="bulk"}'] < 660
    assert found['shop_queue_oldest_due_seconds{queue="io"}'] == 0
    assert found['shop_queue_due_jobs{queue="bulk"}'] == 1
    assert [found[f'shop_queue_workers{{queue="{name}"}}'] for name in queues.NAMES] == [1, 1, 0]
    now = timezone.now().timestamp()
    assert now - found['shop_worker_seen_timestamp_seconds{worker="worker@a"}'] < 60
    assert now - found["shop_beat_tick_timestamp_seconds"] < 60


def test_broker_cache_and_release(client):
    found = scrape(client)
    assert (found["shop_broker_up"], found["shop_cache_up"], found["shop_database_up"]) == (1, 1, 1)
    assert found['shop_broker_messages{queue="io"}'] == 0
    assert found['shop_release_info{release="development"}'] == 1


def test_answers_without_its_neighbours(client, settings, monkeypatch):
    def away():
        raise DatabaseError("gone")

    settings.REDIS_URL = settings.CACHE_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(selectors, "unfinished_by_kind", away)
    monkeypatch.setattr(metrics.connection, "close", lambda: None)  # the test's own
    found = scrape(client)
    assert (found["shop_broker_up"], found["shop_cache_up"], found["shop_database_up"]) == (0, 0, 0)
    assert "shop_queue_due_jobs" not in str(found)


def test_costs_the_same_however_many_jobs_there_are(client, django_assert_max_num_queries):
    for _ in range(30):
        a_job()
    with django_assert_max_num_queries(6):
        client.get("/metrics")


def test_is_not_for_outside(client):
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert client.post("/metrics").status_code == 405


def test_needs_no_https(client, settings):
    """Prometheus asks the container itself."""
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/metrics").status_code == 200


def test_processes_count_together_and_who_takes_a_place_over_goes_on(tmp_path):
    """Two processes after each other in one place, and one beside them: one file for each place, one sum for all."""
    code = textwrap.dedent("""
        import django; django.setup()
        from hnmproject import metrics
        metrics.REQUESTS.labels("GET", "home", 200).inc()
        print(metrics.generate_latest(metrics._counted()).decode())
    """)
    environment = {
        **os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "hnmproject.settings",
    }  # fmt: skip
    for place in ("0", "1", "0"):
        told = subprocess.run(
            [sys.executable, "-c", code], cwd=django_settings.APP_DIR, env=environment | {"FIGURES_PLACE": place},
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    assert re.search(r'shop_requests_total\{.*view="home"\} 3\.0', told)
    assert {path.name for path in tmp_path.iterdir()} >= {"counter_0.db", "counter_1.db"}
    assert len(list(tmp_path.glob("counter_*.db"))) == 2


class _Master:
    def __init__(self, *places):
        self.WORKERS = {number: _Worker(place) for number, place in enumerate(places)}


class _Worker:
    def __init__(self, place=None):
        self.figures_place = place


@pytest.mark.parametrize(("taken", "given"), [((), 0), ((0, 1), 2), ((1,), 0), ((0, 2), 1)])
def test_a_new_process_gets_the_first_free_place(monkeypatch, taken, given):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/nowhere")
    from hnmproject import gunicorn

    worker = _Worker()
    gunicorn.pre_fork(_Master(*taken), worker)
    assert worker.figures_place == given
