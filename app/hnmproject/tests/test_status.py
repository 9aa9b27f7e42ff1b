from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from tasks import queues, selectors
from tasks.models import Job
from tasks.services import presence
from tasks.tests.making import a_job

pytestmark = pytest.mark.django_db


def status() -> list[str]:
    output = StringIO()
    call_command("status", stdout=output)
    return output.getvalue().splitlines()


@pytest.fixture
def at_work():
    presence.note(name="worker@a", role="worker", queues=queues.NAMES)
    presence.note(name="beat@a", role="beat")


def test_a_shop_that_is_well_has_no_marks(at_work):
    lines = status()
    assert [line for line in lines if line.startswith("!")] == []
    assert "  Release      development" in lines
    assert "  Migrations   applied" in lines
    assert "  Queues       default  0 due; served by 1" in lines
    assert "               bulk     0 due; served by 1" in lines
    assert "  Jobs         0 running, 0 queued, 0 failed today" in lines
    assert "  Workers      worker@a (default,bulk,io), seen 0 s ago" in lines
    assert "  Beat         ticked 0 s ago" in lines


def test_what_waits_too_long_and_what_failed_is_marked(at_work):
    a_job(queue=queues.IO, run_after=timezone.now() - timedelta(minutes=9))
    a_job(queue=queues.BULK, run_after=timezone.now() - timedelta(minutes=9))
    a_job(state=Job.State.FAILED, finished=timezone.now())
    lines = status()
    assert "!              io       1 due, the oldest for 9 min; served by 1" in lines
    assert "               bulk     1 due, the oldest for 9 min; served by 1" in lines
    assert "! Jobs         0 running, 2 queued, 1 failed today" in lines


def test_who_is_missing_is_marked():
    lines = status()
    assert "! Queues       default  0 due; served by 0" in lines
    assert "! Workers      none was seen in the last minute" in lines
    assert "! Beat         has not ticked for a day" in lines


def test_says_so_where_neighbours_are_away(settings, monkeypatch):
    def away():
        raise DatabaseError("gone")

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(selectors, "process_figures", away)
    lines = status()
    assert any(line.startswith("! Redis        failed: ") for line in lines)
    assert "! Jobs         not known: the database does not answer" in lines
