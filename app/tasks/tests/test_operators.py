"""What Operators do with jobs and schedules, and what of people they do not see."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from kombu.exceptions import OperationalError

from tasks.models import Job
from tasks.tests.making import a_job

pytestmark = pytest.mark.django_db
ENTRIES = reverse("admin:django_celery_beat_periodictask_changelist")
ACTIONS = ("enable_tasks", "disable_tasks", "toggle_tasks", "run_tasks")


@pytest.fixture
def operator(client, frank):
    client.force_login(frank)
    return frank


@pytest.fixture
def entry(db):
    every = IntervalSchedule.objects.create(every=7, period=IntervalSchedule.DAYS)
    return PeriodicTask.objects.create(name="Weekly", task="tasks.sweep", interval=every)


def _change(thing) -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])


def _page(client, thing) -> str:
    return client.get(_change(thing)).content.decode()


def _act(client, action, entry):
    return client.post(ENTRIES, {"action": action, "_selected_action": [entry.pk]}, follow=True)


def test_a_job_names_nobody_to_an_operator(client, operator, alice):
    job = a_job(
        kind="core.send_newsletter",
        owner=alice,
        state=Job.State.FAILED,
        key="alice@example.com-7",
        error="SMTPRecipientsRefused: {'alice@example.com': (550, b'no such mailbox')}",
        result={"to": "alice@example.com"},
        arguments={"to": "alice@example.com"},
    )
    for page in (_page(client, job), client.get(reverse("admin:tasks_job_changelist")).content.decode()):
        assert "alice" not in page.lower()
    assert "550, b&#x27;no such mailbox" in _page(client, job)


def test_an_operator_finds_no_jobs_by_their_owner(client, operator, alice):
    a_job(owner=alice)
    found = client.get(reverse("admin:tasks_job_changelist"), {"q": "alice@example.com"})
    assert found.context["cl"].result_count == 0


def test_whoever_sees_accounts_sees_whose_job_it_is(client, dave, alice):
    client.force_login(dave)
    job = a_job(owner=alice, error="alice@example.com refused")
    assert "Alice Example" in _page(client, job)
    assert "alice@example.com refused" in _page(client, job)


def test_an_operator_says_when_something_runs(client, operator, entry):
    daily = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.DAYS)
    assert client.post(_change(entry), {"interval": daily.pk}).status_code == 302
    entry.refresh_from_db()
    assert (entry.interval, entry.enabled) == (daily, False)


def test_an_operator_does_not_say_what_runs(client, operator, entry):
    data = {
        "enabled": "on",
        "interval": entry.interval_id,
        "name": "Mine",
        "task": "tasks.run_job",
        "regtask": "tasks.run_job",
        "args": "[1]",
        "kwargs": '{"job_id": 1}',
        "queue": "io",
        "headers": '{"x": 1}',
    }
    assert (
        client.post(reverse("admin:django_celery_beat_periodictask_change", args=[entry.pk]), data).status_code == 302
    )
    entry.refresh_from_db()
    assert (entry.name, entry.task, entry.args, entry.kwargs) == ("Weekly", "tasks.sweep", "[]", "{}")
    assert (entry.queue, entry.headers) == (None, "{}")


def test_a_superuser_says_what_runs(client, root, entry):
    client.force_login(root)
    data = {"name": "Weekly", "regtask": "tasks.clean_jobs", "interval": entry.interval_id, "args": "[]"}
    data |= {"kwargs": "{}", "headers": "{}"}
    assert (
        client.post(reverse("admin:django_celery_beat_periodictask_change", args=[entry.pk]), data).status_code == 302
    )
    entry.refresh_from_db()
    assert entry.task == "tasks.clean_jobs"


@pytest.mark.parametrize("action", ACTIONS)
def test_to_look_at_a_schedule_is_not_to_switch_it(client, bob, entry, action, monkeypatch):
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *args, **kwargs: pytest.fail("sent"))
    bob.user_permissions.add(Permission.objects.get(codename="view_periodictask"))
    client.force_login(bob)
    assert _page(client, entry)
    _act(client, action, entry)
    entry.refresh_from_db()
    assert entry.enabled


@pytest.mark.parametrize(
    ("action", "enabled", "text"),
    [
        ("enable_tasks", False, "Enabled."),
        ("disable_tasks", True, "Disabled."),
        ("toggle_tasks", True, "Disabled."),
        ("toggle_tasks", False, "Enabled."),
        ("run_tasks", True, "Sent by hand."),
    ],
)
def test_what_an_operator_does_to_a_schedule_stands_in_its_history(
    client, operator, entry, action, enabled, text, monkeypatch
):
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *args, **kwargs: None)
    PeriodicTask.objects.filter(pk=entry.pk).update(enabled=enabled)
    _act(client, action, entry)
    logged = LogEntry.objects.get(user=operator)
    assert (logged.object_id, logged.get_change_message()) == (str(entry.pk), text)


def test_without_a_broker_nothing_is_sent_and_the_page_says_so(client, operator, entry, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr("celery.app.task.Task.apply_async", refuse)
    assert "nothing was sent" in _act(client, "run_tasks", entry).content.decode()
    assert not LogEntry.objects.exists()
