"""What jobs make for their owners: whole or not at all, for nobody else, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tasks.models import Job, JobFile
from tasks.services import cleanup, job_files, jobs
from tasks.tests.making import a_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_kinds")]


def write(job: jobs.RunningJob, text: str, name: str = "list.csv") -> None:
    with job_files.written(job=job, name=name, content_type="text/csv; charset=utf-8") as file:
        file.write(text.encode())


@pytest.fixture
def kind():
    return a_kind(lambda job, *, text: write(job, text), title="Export of things", makes_file=True)


def done(kind: str, owner, text: str = "a,b\n") -> Job:
    job = jobs.enqueue(kind, owner=owner, text=text)
    assert jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def files_in(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_its_owner_downloads_it(client, alice, kind):
    job = done(kind, alice)
    client.force_login(alice)
    page = client.get(job.get_absolute_url()).content.decode()
    assert "Download list.csv (4\xa0bytes)" in page
    answer = client.get(reverse("jobs:file", args=[job.pk]))
    assert answer.getvalue() == b"a,b\n"
    assert answer["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]


def test_nobody_else_does_whatever_they_may_see(client, alice, bob, charlie, kind):
    job = done(kind, alice)
    bob.user_permissions.add(Permission.objects.get(codename="view_job"))
    client.force_login(bob)
    page = client.get(job.get_absolute_url())
    assert page.status_code == 200
    assert "list.csv" not in page.content.decode()
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 404
    client.force_login(charlie)
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 404
    client.logout()
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 302


def test_the_page_waits_for_the_end_to_show_it(client, alice, kind):
    job = jobs.enqueue(kind, owner=alice, text="")
    client.force_login(alice)
    page = client.get(job.get_absolute_url()).content.decode()
    assert 'data-when-ended="reload"' in page
    assert "Download" not in page
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 404


def test_an_attempt_that_fails_leaves_nothing(alice, settings):
    def half(job):
        with job_files.written(job=job, name="list.csv", content_type="text/csv") as file:
            file.write(b"half")
            raise jobs.GiveUp("No more.")

    job = jobs.enqueue(a_kind(half), owner=alice)
    jobs.run(job_id=job.pk)
    assert not JobFile.objects.exists()
    assert files_in(settings.PRIVATE_ROOT) == []


def test_a_repeated_attempt_replaces_what_the_first_one_made(alice, kind, settings):
    job = done(kind, alice, "first")
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    jobs.run(job_id=job.pk)
    made = JobFile.objects.get()
    assert made.size == 5
    assert len(files_in(settings.PRIVATE_ROOT)) == 1


def test_it_is_deleted_in_time_and_the_page_says_so(client, alice, kind, settings):
    settings.JOB_FILE_RETENTION_DAYS = 7
    old, young = done(kind, alice), done(kind, alice)
    JobFile.objects.filter(job=old).update(created=timezone.now() - timedelta(days=8))
    assert job_files.delete_old() == 1
    assert job_files.delete_old() == 0
    assert len(files_in(settings.PRIVATE_ROOT)) == 1
    client.force_login(alice)
    assert "ask for it anew" in client.get(old.get_absolute_url()).content.decode()
    assert client.get(reverse("jobs:file", args=[old.pk])).status_code == 404
    assert client.get(reverse("jobs:file", args=[young.pk])).getvalue() == b"a,b\n"


def test_a_file_that_has_vanished_is_missed_in_words(client, alice, kind, settings):
    job = done(kind, alice)
    made = JobFile.objects.get()
    made.content.storage.delete(made.content.name)
    client.force_login(alice)
    assert client.get(job.get_absolute_url()).status_code == 200
    assert client.get(reverse("jobs:file", args=[job.pk])).status_code == 404


def test_it_goes_with_its_job(alice, kind, settings):
    job = done(kind, alice)
    Job.objects.filter(pk=job.pk).update(finished=timezone.now() - timedelta(days=400))
    assert cleanup.delete_old() == 1
    assert not JobFile.objects.exists()
    assert files_in(settings.PRIVATE_ROOT) == []
