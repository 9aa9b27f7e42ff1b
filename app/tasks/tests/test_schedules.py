from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from hnmproject.celery_app import app
from tasks import beat
from tasks.schedules import SCHEDULES, Schedule
from tasks.services import schedule_mirror

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOURLY = Schedule(name="Count", task="tests.count", description="Counts.", every=timedelta(hours=1))
NIGHTLY = Schedule(name="Tidy", task="tests.tidy", description="Tidies.", crontab="20 3 * * *", kwargs={"deep": True})


@pytest.fixture(autouse=True)
def _empty():
    PeriodicTask.objects.all().delete()


def test_migrate_makes_the_entries():
    call_command("migrate", verbosity=0)
    assert set(PeriodicTask.objects.values_list("name", flat=True)) == {schedule.name for schedule in SCHEDULES}


def test_creates_what_is_missing():
    report = schedule_mirror.mirror([HOURLY, NIGHTLY])
    assert report.created == ["Count", "Tidy"]
    count, tidy = PeriodicTask.objects.order_by("name")
    assert (count.task, count.queue, count.expire_seconds, str(count.interval)) == (
        "tests.count",
        "default",
        3600,
        "every 3600 seconds",
    )
    assert (tidy.kwargs, tidy.crontab.hour, tidy.crontab.minute) == ('{"deep": true}', "3", "20")


def test_is_safe_to_repeat():
    schedule_mirror.mirror([HOURLY, NIGHTLY])
    before = list(PeriodicTask.objects.values().order_by("pk"))
    report = schedule_mirror.mirror([HOURLY, NIGHTLY])
    assert report.unchanged == ["Count", "Tidy"]
    assert list(PeriodicTask.objects.values().order_by("pk")) == before


def test_updates_what_nobody_edited():
    schedule_mirror.mirror([HOURLY, NIGHTLY])
    daily = replace(HOURLY, every=None, crontab="0 5 * * *")
    assert schedule_mirror.mirror([daily, NIGHTLY]).updated == ["Count"]
    entry = PeriodicTask.objects.get(name="Count")
    assert (entry.interval, entry.crontab.hour) == (None, "5")


def test_beats_own_notes_are_no_edit():
    schedule_mirror.mirror([HOURLY])
    entry = PeriodicTask.objects.get()
    entry.total_run_count += 1
    entry.save()
    assert schedule_mirror.mirror([HOURLY]).unchanged == ["Count"]


def switched_off(entry):
    entry.enabled = False


def every_five_minutes(entry):
    entry.interval = IntervalSchedule.objects.create(every=5, period=IntervalSchedule.MINUTES)


@pytest.mark.parametrize("edit", [switched_off, every_five_minutes])
def test_leaves_alone_what_staff_edited(edit):
    schedule_mirror.mirror([HOURLY])
    entry = PeriodicTask.objects.get()
    edit(entry)
    entry.save()
    before = PeriodicTask.objects.values().get()
    assert schedule_mirror.mirror([replace(HOURLY, every=timedelta(hours=2))]).left_alone == ["Count"]
    assert PeriodicTask.objects.values().get() == before


def test_leaves_alone_what_staff_made():
    interval = IntervalSchedule.objects.create(every=5, period=IntervalSchedule.MINUTES)
    PeriodicTask.objects.create(name="Count", task="staff.own", interval=interval)
    PeriodicTask.objects.create(name="Another", task="staff.own", interval=interval)
    report = schedule_mirror.mirror([HOURLY])
    assert (report.left_alone, report.removed) == (["Count"], [])
    assert set(PeriodicTask.objects.values_list("task", flat=True)) == {"staff.own"}


def test_removes_ours_that_code_no_longer_has_but_no_copy_of_it():
    schedule_mirror.mirror([HOURLY, NIGHTLY])
    copy = PeriodicTask.objects.get(name="Count")
    copy.pk, copy.name = None, "Count (of staff)"
    copy.save(force_insert=True)
    assert schedule_mirror.mirror([NIGHTLY]).removed == ["Count"]
    assert set(PeriodicTask.objects.values_list("name", flat=True)) == {"Tidy", "Count (of staff)"}


def test_the_command_says_what_it_left_alone():
    call_command("sync_schedules", stdout=StringIO())
    PeriodicTask.objects.filter(task="tasks.sweep").update(enabled=False)
    output = StringIO()
    call_command("sync_schedules", stdout=output)
    assert "left alone: Send forgotten jobs again (edited in the admin" in output.getvalue()
    assert "unchanged: Delete old jobs" in output.getvalue()


def test_an_entry_needs_one_time_or_the_other():
    with pytest.raises(ValueError, match="either an interval or a crontab"):
        Schedule(name="Never", task="tests.never", description="")


def test_every_entry_is_a_task_that_exists():
    app.loader.import_default_modules()
    assert {schedule.task for schedule in SCHEDULES} <= set(app.tasks)


@pytest.mark.django_db(transaction=True)
def test_beat_reads_the_entries_and_adds_none_of_its_own(settings, tmp_path):
    settings.HEARTBEAT_FILE = str(tmp_path / "heartbeat" / "beat")
    schedule_mirror.mirror([HOURLY, NIGHTLY])
    scheduler = beat.Scheduler(app=app, lazy=True)
    scheduler.setup_schedule()
    assert "celery.backend_cleanup" not in scheduler.schedule
    assert scheduler.schedule["Count"].options["queue"] == "default"
    scheduler.tick()
    assert (tmp_path / "heartbeat" / "beat").exists()


class Beat(beat.Scheduler):
    """Notes what it would send."""

    def __init__(self):
        self.sent = []
        super().__init__(app=app, lazy=True)

    def apply_async(self, entry, *args, **kwargs):
        self.sent.append(entry.name)
        self._tasks_since_sync += 1  # as Celery's own does

    def tick_all(self):
        """As Celery's loop does."""
        self.send_due()
        self.note()

    def send_due(self):
        while self.tick() == 0:
            pass

    def note(self):
        if self.should_sync():
            self._do_sync()


@pytest.fixture
def two_beats(transactional_db):
    with time_machine.travel(NOW, tick=False) as clock:
        schedule_mirror.mirror([HOURLY])
        beats = Beat(), Beat()
        yield *beats, clock
    for each in beats:
        each._dirty.clear()  # else it writes them when the interpreter ends, and the database is gone


def at_once(*beats):
    """Each sends before any has noted that it did."""
    for each in beats:
        each.send_due()
    for each in beats:
        each.note()


def test_of_two_beats_one_sends(two_beats):
    first, second, clock = two_beats
    at_once(first, second)
    for _hour in range(3):
        clock.shift(timedelta(hours=1))
        at_once(first, second)
    assert (first.sent, second.sent) == (["Count"] * 3, [])


def test_without_the_lease_both_would_send(two_beats, monkeypatch):
    first, second, clock = two_beats
    monkeypatch.setattr("tasks.services.singleton.hold", lambda **kwargs: True)
    at_once(first, second)
    clock.shift(timedelta(hours=1))
    at_once(first, second)
    assert (first.sent, second.sent) == (["Count"], ["Count"])


def test_when_the_first_beat_is_gone_the_second_goes_on(two_beats):
    first, second, clock = two_beats
    first.tick_all()
    clock.shift(timedelta(hours=1))
    first.tick_all()
    second.tick_all()
    clock.shift(timedelta(seconds=beat.LEASE_SECONDS + 1))
    second.tick_all()
    assert (first.sent, second.sent) == (["Count"], []), "that hour's has been sent"
    clock.shift(timedelta(hours=1))
    second.tick_all()
    first.tick_all()
    assert (first.sent, second.sent) == (["Count"], ["Count"]), "the first, thawed, stands by"


def test_a_beat_that_ends_lets_the_next_begin_at_once(two_beats):
    first, second, clock = two_beats
    first.tick_all()
    first.close()
    clock.shift(timedelta(hours=1))
    second.tick_all()
    assert second.sent == ["Count"]
