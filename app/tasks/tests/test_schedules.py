from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from hnmproject.celery_app import app
from tasks import beat
from tasks.schedules import SCHEDULES, Schedule
from tasks.services import schedule_mirror

pytestmark = pytest.mark.django_db
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
