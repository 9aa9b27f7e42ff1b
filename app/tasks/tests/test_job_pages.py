"""The page of a job, its JSON, and stopping it: for its owner and for staff with the permission."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tasks.models import Job
from tasks.services import jobs
from tasks.tests.making import a_job, a_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_kinds")]


def url(name: str, job: Job) -> str:
    return reverse(f"jobs:{name}", args=[job.pk])


@pytest.fixture
def job(alice) -> Job:
    return a_job(
        owner=alice,
        state=Job.State.RUNNING,
        progress_current=3,
        progress_total=8,
        progress_message="Oak <board>",
        arguments={"path": "/srv/s3cret"},
    )


@pytest.fixture
def stopper(bob):
    bob.user_permissions.add(Permission.objects.get(codename="cancel_job"))
    return bob


# --- The page ---------------------------------------------------------------------------------------------------------


def test_shows_its_owner_how_far_it_is(client, alice, job):
    client.force_login(alice)
    page = client.get(url("job", job)).content.decode()
    assert '<progress class="job-progress__bar" data-job-bar aria-label="Progress" max="8" value="3">' in page
    assert "Oak &lt;board&gt;" in page
    assert f'data-socket="/ws/jobs/{job.pk}/"' in page
    assert "s3cret" not in page


def test_follows_without_javascript_until_the_end(client, alice, job):
    client.force_login(alice)
    assert 'http-equiv="refresh"' in client.get(url("job", job)).content.decode()
    Job.objects.update(state=Job.State.DONE)
    ended = client.get(url("job", job)).content.decode()
    assert 'http-equiv="refresh"' not in ended
    assert "progress.js" not in ended
    assert 'data-socket=""' in ended


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "queued", "progress_current": 0}, "Waiting for a worker"),
        ({"state": "queued", "attempts": 1}, "goes on by itself"),
        ({"cancel_requested": True}, "Stopping at the next step"),
        ({"state": "done"}, "Done"),
        ({"state": "failed", "error": "Traceback s3cret"}, "It failed"),
        ({"state": "cancelled"}, "What was done by then stays"),
        ({"state": "cancelled", "progress_current": 0}, "Stopped before it did anything"),
    ],
)
def test_says_in_words_how_it_stands(client, alice, job, fields, words):
    Job.objects.update(**fields)
    client.force_login(alice)
    page = client.get(url("job", job)).content.decode()
    assert words in page
    assert "s3cret" not in page


def test_bears_the_name_of_its_kind_and_leads_to_what_it_is_about(client, alice):
    kind = a_kind(lambda job: None, title="Export of orders", subject_url=lambda job: "/shop/#about")
    client.force_login(alice)
    page = client.get(url("job", a_job(kind=kind, owner=alice))).content.decode()
    assert "<h1>Export of orders</h1>" in page
    assert 'href="/shop/#about"' in page


def test_a_kind_that_this_release_does_not_know_has_a_page_too(client, alice):
    client.force_login(alice)
    assert client.get(url("job", a_job(kind="of.another.release", owner=alice))).status_code == 200


def test_strangers_log_in_first(client, job):
    for name in ("job", "cancel"):
        response = client.get(url(name, job))
        assert response["Location"] == f"{reverse('account_login')}?next={url(name, job)}"


@pytest.mark.parametrize("who", ["charlie", "erin"])
def test_to_others_there_is_no_such_job(client, job, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(url("job", job)).status_code == 404
    assert client.get(url("api", job)).status_code == 404
    assert client.get(url("cancel", job)).status_code == 404
    assert client.post(url("cancel", job)).status_code == 404
    job.refresh_from_db()
    assert not job.cancel_requested


def test_the_permission_without_being_staff_is_not_enough(client, job, charlie):
    charlie.user_permissions.add(*Permission.objects.filter(codename__in=["view_job", "cancel_job"]))
    client.force_login(charlie)
    assert client.get(url("job", job)).status_code == 404


def test_staff_with_the_permission_see_every_job(client, job, bob):
    client.force_login(bob)
    page = client.get(url("job", job)).content.decode()
    assert reverse("admin:tasks_job_change", args=[job.pk]) in page
    assert url("cancel", job) not in page


def test_a_job_without_owner_is_nobodys_but_the_staffs(client, alice, bob):
    ownerless = a_job()
    client.force_login(alice)
    assert client.get(url("job", ownerless)).status_code == 404
    client.force_login(bob)
    assert client.get(url("job", ownerless)).status_code == 200


def test_the_page_takes_few_queries_and_is_kept_by_nobody(client, alice, job, django_assert_max_num_queries):
    client.force_login(alice)
    client.get(url("job", job))
    with django_assert_max_num_queries(6):
        response = client.get(url("job", job))
    assert "no-store" in response["Cache-Control"]


def test_the_list_of_the_admin_leads_to_the_page(client, job, bob):
    client.force_login(bob)
    assert f'href="{url("job", job)}"' in client.get(reverse("admin:tasks_job_changelist")).content.decode()


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_json_says_how_it_stands(client, alice, job):
    client.force_login(alice)
    response = client.get(url("api", job))
    body = response.json()
    assert (body["id"], body["state"], body["finished"], body["stopping"]) == (job.pk, "running", False, False)
    assert body["progress"] == {"current": 3, "total": 8, "percent": 37, "message": "Oak <board>"}
    assert (body["started"], body["ended"], body["result"]) == (None, None, None)
    assert "s3cret" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_json_has_the_result_but_a_private_kinds(client, alice):
    client.force_login(alice)
    private = a_kind(lambda job: None, name="tests.private", private=True)
    shown = a_job(owner=alice, state="done", result={"word": "lamp"}, finished=timezone.now())
    hidden = a_job(owner=alice, state="done", result={"word": "lamp"}, kind=private)
    assert client.get(url("api", shown)).json()["result"] == {"word": "lamp"}
    assert client.get(url("api", hidden)).json()["result"] is None


def test_json_errors_are_json(client, alice, job):
    assert (client.get(url("api", job)).status_code, client.get(url("api", job)).json()) == (
        401,
        {"detail": "Log in first."},
    )
    client.force_login(alice)
    missing = client.get(reverse("jobs:api", args=[123_456]))
    assert (missing.status_code, missing.json()) == (404, {"detail": "There is no such job."})
    wrong = client.post(url("api", job))
    assert (wrong.status_code, wrong["Allow"], wrong.json()["detail"]) == (
        405,
        "GET, HEAD",
        "Only GET is possible here.",
    )


# --- Stopping ---------------------------------------------------------------------------------------------------------


def test_the_owner_is_asked_and_then_it_stops_at_its_next_step(client, alice):
    client.force_login(alice)

    def work(running):
        running.progress(3, 8, "third")
        asked = client.get(url("cancel", job))
        assert "Stop this job?" in asked.content.decode()
        assert not Job.objects.get(pk=job.pk).cancel_requested
        assert client.post(url("cancel", job))["Location"] == url("job", job)
        assert "Stopping at the next step" in client.get(url("job", job)).content.decode()
        running._written_at = float("-inf")  # a second passes
        running.progress(4, 8, "fourth")
        pytest.fail("It went on.")

    job = jobs.enqueue(a_kind(work), owner=alice)
    jobs.run(job_id=job.pk)
    page = client.get(url("job", job)).content.decode()
    assert "Stopped. What was done by then stays:" in page
    assert "fourth" in page
    assert url("cancel", job) not in page


def test_what_has_not_begun_is_stopped_at_once(client, alice):
    client.force_login(alice)
    job = jobs.enqueue("tests.echo", owner=alice)
    assert "nothing will have happened" in client.get(url("cancel", job)).content.decode()
    client.post(url("cancel", job))
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_staff_with_the_permission_stop_a_job(client, job, stopper):
    client.force_login(stopper)
    assert url("cancel", job) in client.get(url("job", job)).content.decode()
    client.post(url("cancel", job))
    job.refresh_from_db()
    assert job.cancel_requested


def test_to_see_it_is_not_to_stop_it(client, job, bob):
    client.force_login(bob)
    for ask in (client.get, client.post):
        assert ask(url("cancel", job)).status_code == 403
    job.refresh_from_db()
    assert not job.cancel_requested


@pytest.mark.parametrize("fields", [{"state": "done"}, {"cancel_requested": True}])
def test_where_nothing_is_left_to_stop_the_page_says_so(client, alice, job, fields):
    Job.objects.update(**fields)
    client.force_login(alice)
    for ask in (client.get, client.post):
        assert "nothing left to stop" in ask(url("cancel", job), follow=True).content.decode()


def test_a_job_that_ends_while_it_is_asked_about_has_ended(client, alice, job, monkeypatch):
    def too_late(*, job):
        raise jobs.WrongState

    monkeypatch.setattr(jobs, "cancel", too_late)
    client.force_login(alice)
    assert "nothing left to stop" in client.post(url("cancel", job), follow=True).content.decode()
