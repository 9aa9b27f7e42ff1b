"""What the WebSocket of a job says, to whom, and what it does without Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import pytest
import redis
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session

from tasks import sockets
from tasks.models import Job
from tasks.services import jobs, telling
from tasks.tests.making import a_job, a_kind
from tasks.tests.sockets import Socket, session_of, socket

# Committed rows: what is told is told after the commit.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("temporary_kinds")]


def in_a_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @wraps(test)
    def run(**arguments: Any) -> None:
        async_to_sync(test)(**arguments)

    return run


def path_of(job: Job) -> str:
    return f"/ws/jobs/{job.pk}/"


@pytest.fixture
def job(alice) -> Job:
    return a_job(owner=alice, state=Job.State.RUNNING, lease="held", progress_current=2, progress_total=8)


@pytest.fixture
def cookie(alice) -> str:
    return session_of(alice)


async def change(job: Job, **fields: Any) -> None:
    """As a worker does it: the row first, then word of it."""

    def write() -> None:
        Job.objects.filter(pk=job.pk).update(**fields)
        telling.tell(job_id=job.pk)

    await sync_to_async(write)()


@in_a_loop
async def test_says_first_how_the_job_stands(job, cookie):
    async with socket(path_of(job), cookie=cookie) as alices:
        state = await alices.next_state()
    assert (state["id"], state["state"], state["finished"]) == (job.pk, "running", False)
    assert state["progress"] == {"current": 2, "total": 8, "percent": 25, "message": ""}


@in_a_loop
async def test_says_each_step_and_closes_at_the_end(job, cookie):
    async with socket(path_of(job), cookie=cookie) as alices:
        await alices.next_state()
        await change(job, progress_current=3, progress_message="third")
        assert (await alices.next_state())["progress"]["message"] == "third"
        await change(job, state=Job.State.DONE, progress_current=8)
        last = await alices.next_state()
        assert (last["state"], last["finished"], last["progress"]["percent"]) == ("done", True, 100)
        assert await alices.closed() == sockets.ENDED


@in_a_loop
async def test_a_running_handler_is_heard(alice, cookie):
    def work(running):
        running.progress(1, 2, "half")
        return {"made": 2}

    kind = a_kind(work)
    job = await sync_to_async(jobs.enqueue)(kind, owner=alice)
    async with socket(path_of(job), cookie=cookie) as alices:
        assert (await alices.next_state())["state"] == "queued"
        await sync_to_async(jobs.run)(job_id=job.pk)
        states = [await alices.next_state() for _ in range(3)]
    assert [state["state"] for state in states] == ["running", "running", "done"]
    assert [state["progress"]["message"] for state in states] == ["", "half", "half"]
    assert states[-1]["result"] == {"made": 2}


@in_a_loop
async def test_who_connects_again_hears_the_present_state(job, cookie):
    async with socket(path_of(job), cookie=cookie) as first:
        await first.next_state()
    await change(job, progress_current=7)
    async with socket(path_of(job), cookie=cookie) as second:
        assert (await second.next_state())["progress"]["current"] == 7


@in_a_loop
async def test_what_has_ended_is_said_and_closed(job, cookie):
    await change(job, state=Job.State.FAILED)
    async with socket(path_of(job), cookie=cookie) as alices:
        assert (await alices.next_state())["state"] == "failed"
        assert await alices.closed() == sockets.ENDED


@in_a_loop
async def test_two_watchers_hear_the_same(job, cookie):
    async with socket(path_of(job), cookie=cookie) as one, socket(path_of(job), cookie=cookie) as other:
        await one.next_state()
        await other.next_state()
        await change(job, progress_current=5)
        assert await one.next_state() == await other.next_state()


@in_a_loop
async def test_cancelling_is_heard(job, cookie):
    async with socket(path_of(job), cookie=cookie) as alices:
        await alices.next_state()
        await sync_to_async(jobs.cancel)(job=job)
        state = await alices.next_state()
    assert (state["state"], state["stopping"]) == ("running", True)


@in_a_loop
async def test_a_job_that_waits_and_is_cancelled_has_ended(alice, cookie):
    job = await sync_to_async(jobs.enqueue)("tests.echo", owner=alice)
    async with socket(path_of(job), cookie=cookie) as alices:
        await alices.next_state()
        await sync_to_async(jobs.cancel)(job=job)
        assert (await alices.next_state())["state"] == "cancelled"


@in_a_loop
async def test_what_the_browser_says_is_ignored(job, cookie):
    async with socket(path_of(job), cookie=cookie) as alices:
        await alices.next_state()
        await alices.send_input({"type": "websocket.receive", "text": "{"})
        await change(job, progress_current=4)
        assert (await alices.next_state())["progress"]["current"] == 4


# --- Who may listen ---------------------------------------------------------------------------------------------------


async def refused(*arguments: Any, **options: Any) -> bool:
    attempt = Socket(*arguments, **options)
    accepted = await attempt.open()
    await attempt.leave()
    return not accepted


@in_a_loop
async def test_nobody_else_may_listen(job, charlie, erin):
    cookies = [await sync_to_async(session_of)(person) for person in (charlie, erin)]
    for cookie in ["", "sessionid=invented", *cookies]:
        assert await refused(path_of(job), cookie=cookie)


@in_a_loop
async def test_staff_who_may_see_jobs_may_listen(job, bob):
    async with socket(path_of(job), cookie=await sync_to_async(session_of)(bob)) as bobs:
        assert (await bobs.next_state())["id"] == job.pk


@in_a_loop
async def test_a_customer_with_the_permission_alone_may_not(job, charlie):
    await charlie.user_permissions.aadd(await Permission.objects.aget(codename="view_job"))
    assert await refused(path_of(job), cookie=await sync_to_async(session_of)(charlie))


@in_a_loop
async def test_a_job_that_does_not_exist_looks_like_anothers(cookie):
    assert await refused("/ws/jobs/123456/", cookie=cookie)


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/jobs/1", "/ws/jobs/one/", "/jobs/1/", "ws/jobs/1/"])
@in_a_loop
async def test_there_are_no_sockets_elsewhere(path, cookie):
    assert await refused(path, cookie=cookie)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://testserver", "http://testserver:81", "http://testserver.evil.example", "null", "",
     None],
)  # fmt: skip
@in_a_loop
async def test_a_page_of_another_site_may_not_listen(job, cookie, origin):
    assert await refused(path_of(job), cookie=cookie, origin=origin)


@in_a_loop
async def test_a_host_that_is_not_ours_is_refused_even_where_the_page_is_of_it(job, cookie):
    assert await refused(path_of(job), cookie=cookie, origin="http://evil.example", host="evil.example")


@in_a_loop
async def test_with_https_only_pages_over_https_may_listen(job, cookie, settings):
    settings.HTTPS = True
    settings.CSRF_TRUSTED_ORIGINS = []
    assert await refused(path_of(job), cookie=cookie, origin="http://testserver")
    async with socket(path_of(job), cookie=cookie, origin="https://testserver"):
        pass


@in_a_loop
async def test_who_may_no_longer_see_it_hears_no_more(job, cookie, monkeypatch):
    monkeypatch.setattr(sockets, "SECONDS_BETWEEN_LOOKS", 0.05)
    async with socket(path_of(job), cookie=cookie) as alices:
        await alices.next_state()
        await Job.objects.filter(pk=job.pk).aupdate(owner=None)
        while (message := await alices.receive_output(5))["type"] == "websocket.send":
            pass
        assert message["type"] == "websocket.close"


@in_a_loop
async def test_never_says_arguments_errors_or_what_a_private_kind_returned(alice, cookie):
    kind = a_kind(lambda job, secret: {"kept": secret}, private=True)
    job = await sync_to_async(a_job)(
        kind=kind, owner=alice, arguments={"secret": "s3cret"}, result={"kept": "s3cret"}, error="s3cret"
    )
    async with socket(path_of(job), cookie=cookie) as alices:
        assert "s3cret" not in str(await alices.next_state())


# --- Without Redis ----------------------------------------------------------------------------------------------------


@pytest.fixture
def no_redis(settings) -> None:
    away = [{"address": "redis://127.0.0.1:1/0", "socket_connect_timeout": 1}]
    layer = settings.CHANNEL_LAYERS["default"]
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "hosts": away}}}


@in_a_loop
async def test_a_change_of_the_secret_key_ends_no_session(job, cookie, settings):
    """What the key before has signed stays valid, on pages and here."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    for _again in range(2):
        async with socket(path_of(job), cookie=cookie) as alices:
            assert (await alices.next_state())["id"] == job.pk


@in_a_loop
async def test_a_session_that_is_no_longer_valid_is_refused_and_left_alone(job, alice, cookie):
    """It is a page that ends it: a socket could not tell the browser."""
    await sync_to_async(alice.set_password)("another long way home")
    await sync_to_async(alice.save)()
    refused = Socket(path_of(job), cookie=cookie)
    assert not await refused.open()
    assert await sync_to_async(Session.objects.filter(session_key=cookie.partition("=")[2]).exists)()


def test_a_job_does_not_mind(no_redis, alice):
    job = jobs.enqueue("tests.count", owner=alice, total=3)
    assert jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress_current) == (Job.State.DONE, 3)


def test_it_is_not_tried_at_each_step(no_redis, monkeypatch):
    tries = []

    async def fail(group, message):
        tries.append(group)
        raise redis.ConnectionError

    monkeypatch.setattr(telling, "_send", fail)
    job = a_job()
    for _ in range(3):
        telling.tell(job_id=job.pk)
    assert len(tries) == 1


def test_a_redis_that_hangs_is_not_waited_for(monkeypatch):
    class Hanging:
        async def group_send(self, group, message):
            await asyncio.sleep(60)

    monkeypatch.setattr(telling, "get_channel_layer", Hanging)
    monkeypatch.setattr(telling, "SECONDS_TO_SEND", 0.05)
    telling.tell(job_id=a_job().pk)


@in_a_loop
async def test_the_socket_is_refused_so_that_the_page_asks_by_itself(no_redis, job, cookie):
    assert await refused(path_of(job), cookie=cookie)


@in_a_loop
async def test_what_redis_did_not_pass_on_is_looked_up(job, cookie, monkeypatch):
    monkeypatch.setattr(sockets, "SECONDS_BETWEEN_LOOKS", 0.05)
    async with socket(path_of(job), cookie=cookie) as alices:
        await alices.next_state()
        await Job.objects.filter(pk=job.pk).aupdate(state=Job.State.DONE)  # and nothing is told
        while not (await alices.next_state())["finished"]:
            pass
        assert await alices.closed() == sockets.ENDED


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_a_quick_job_that_nobody_owns_is_not_told(monkeypatch):
    told = []
    monkeypatch.setattr(telling, "_tell", told.append)
    jobs.run(job_id=jobs.enqueue("tests.echo").pk)
    assert told == []


def test_progress_is_told_as_seldom_as_it_is_written(monkeypatch, alice):
    told = []
    monkeypatch.setattr(telling, "_tell", told.append)
    job = jobs.enqueue("tests.count", owner=alice, total=5000)
    jobs.run(job_id=job.pk)
    assert set(told) == {job.pk}
    assert len(told) < 8
