"""Watching the stack: who gets to Flower and to what of it, metrics, status, and a worker that hangs comes back.

What runs is what production runs.
"""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
import requests
from tests.environment import wait_until
from tests.stack.buyer import hidden
from tests.stack.stack import Stack

PASSWORD = "a long way home"
MAKE_PEOPLE = f"""
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from users.models import CustomUser
for name, is_staff in [("watcher", True), ("clerk", True), ("customer", False)]:
    email = f"{{name}}@watching.example"
    person, made = CustomUser.objects.get_or_create(email=email, defaults={{"is_staff": is_staff}})
    person.set_password({PASSWORD!r})
    person.save()
    EmailAddress.objects.get_or_create(user=person, email=email, verified=True, primary=True)
    if name == "watcher":
        person.user_permissions.add(Permission.objects.get(codename="watch_flower"))
"""
PAGES = ["", "workers", "tasks", "broker"]
FOR_PROGRAMS = [
    "api/workers", "api/workers?refresh=1", "api/tasks", "api/queues/length", "metrics", "healthcheck",
]  # fmt: skip
CONTROL = ["api/worker/shutdown/x", "api/task/send-task/tasks.sweep", "api/task/revoke/x", "api/worker/pool/grow/x"]
STOP = (
    "import os, signal; [os.kill(int(pid), signal.SIGSTOP) for pid in open('/proc/1/task/1/children').read().split()]"
)


class Person:
    """Somebody with a browser, logged in or not."""

    def __init__(self, stack: Stack) -> None:
        self._shop = f"http://127.0.0.1:{stack.port}"
        self._session = requests.Session()

    def get(self, path: str) -> requests.Response:
        return self._session.get(self._shop + path, timeout=60, allow_redirects=False)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._session.post(
            self._shop + path, data or {}, headers={"Referer": self._shop + path, **named},
            timeout=60, allow_redirects=False,
        )  # fmt: skip

    def log_in(self, name: str, *, at: str = "/accounts/login/") -> str:
        """Where the login leads to."""
        fields = hidden(self.get(at).text, "login")
        answer = self.post(at, {**fields, "login": f"{name}@watching.example", "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@pytest.fixture(scope="module")
def served(stack: Stack) -> Stack:
    stack.serve_the_image()
    stack.make("up")
    stack.execute("web", "python", "manage.py", "shell", "--verbosity", "0", "-c", MAKE_PEOPLE)
    return stack


@pytest.fixture(scope="module")
def watcher(served: Stack) -> Person:
    person = Person(served)
    person.log_in("watcher")
    return person


@pytest.fixture(scope="module", params=["clerk", "customer"])
def other(served: Stack, request: pytest.FixtureRequest) -> Person:
    """Logged in, and without the permission: staff, and a customer."""
    person = Person(served)
    person.log_in(request.param)
    return person


def test_a_stranger_is_sent_to_the_login_and_back(served: Stack):
    person = Person(served)
    wanted = "/flower/tasks?state=SUCCESS&worker=a"
    login = person.get(wanted).headers["Location"].replace(f"http://127.0.0.1:{served.port}", "")
    assert login.startswith("/accounts/login/?next=/flower/tasks%3F")
    assert person.log_in("watcher", at=login) == wanted
    assert person.get(wanted).status_code == 200


@pytest.mark.parametrize("path", FOR_PROGRAMS)
def test_a_stranger_gets_nothing_of_what_is_for_programs(served: Stack, path: str):
    answer = served.get(f"/flower/{path}")
    assert (answer.status, answer.text) == (401, "Not for you.\n")


@pytest.mark.parametrize("path", PAGES)
def test_others_get_our_page_that_says_no(other: Person, path: str):
    answer = other.get(f"/flower/{path}")
    assert answer.status_code == 403
    assert "site-main" in answer.text


@pytest.mark.parametrize("path", FOR_PROGRAMS)
def test_others_get_nothing_of_what_is_for_programs(other: Person, path: str):
    answer = other.get(f"/flower/{path}")
    assert (answer.status_code, answer.text) == (403, "Not for you.\n")


@pytest.mark.parametrize("path", ["/flower//api/workers", "/flower/%61pi/workers", "/flower/./metrics", "/FLOWER/"])
def test_no_spelling_leads_past_the_door(served: Stack, path: str):
    assert served.get(path).status in {302, 401, 404}


@pytest.mark.parametrize("path", [*PAGES, *FOR_PROGRAMS])
def test_staff_with_the_permission_see_everything(watcher: Person, path: str):
    answer = watcher.get(f"/flower/{path}")
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", CONTROL)
def test_nobody_changes_anything(served: Stack, watcher: Person, path: str):
    for person in (Person(served), watcher):
        assert person.post(f"/flower/{path}").status_code == 405
    # Also past nginx, Flower itself would not.
    code = f"import urllib.request as u; u.urlopen(u.Request('http://flower:5555/flower/{path}', method='POST'))"
    said = subprocess.run(
        ["docker", "exec", served.container("web"), "python", "-c", code], capture_output=True, text=True, check=False
    )
    assert "HTTP Error 403" in said.stderr


def test_the_list_of_tasks_may_ask_for_its_rows_from_its_own_page(watcher: Person):
    question = {"draw": 1, "start": 0, "length": 5, "order[0][column]": 0}
    assert watcher.post("/flower/tasks/datatable", question, Sec_Fetch_Site="same-origin").json()["draw"] == 1
    assert watcher.post("/flower/tasks/datatable", question, Sec_Fetch_Site="cross-site").status_code == 405


def test_flower_sees_the_workers_and_shows_no_secret(served: Stack, watcher: Person):
    secrets = [
        line.partition("=")[2]
        for line in (served.folder / ".env").read_text().splitlines()
        if re.match(r"(SECRET_KEY|MYSQL_PASSWORD|MYSQL_ROOT_PASSWORD)=", line)
    ]
    assert len(secrets) == 3
    secrets += ["sk_test_simulator", "whsec_simulator"]

    def asked() -> list[bool]:
        """Each worker has a second to answer, which on a busy machine is not enough each time."""
        return ["conf" in worker for worker in watcher.get("/flower/api/workers?refresh=1").json().values()]

    wait_until(lambda: asked() == [True, True], seconds=60, what="two workers have said what they are")
    workers = watcher.get("/flower/api/workers").json()
    pages = [*PAGES, *FOR_PROGRAMS, *(f"worker/{name}" for name in workers), "no/such/page"]
    for path in pages:
        page = watcher.get(f"/flower/{path}").text
        assert page
        assert not [secret for secret in secrets if secret in page], path
        assert "DATABASES" not in page


def test_flower_remembers_over_a_restart(served: Stack, watcher: Person):
    wait_until(lambda: watcher.get("/flower/api/tasks").json(), seconds=60, what="Flower has seen a task")
    before = set(watcher.get("/flower/api/tasks?limit=20").json())
    served.compose("restart", "flower")
    served.wait_for_health("flower")
    assert before & set(watcher.get("/flower/api/tasks").json())


def test_the_shop_serves_without_flower(served: Stack, watcher: Person):
    served.compose("stop", "flower")
    try:
        answer = watcher.get("/flower/")
        assert answer.status_code in {502, 504}
        assert "nginx" not in answer.text.lower()
        served.compose("restart", "nginx")
        wait_until(served.answers, seconds=60, what="nginx starts without Flower")
    finally:
        served.compose("start", "flower")
    served.wait_for_health("flower")


def _metrics(stack: Stack) -> dict[str, float]:
    code = "import urllib.request as u; print(u.urlopen('http://web:8000/metrics').read().decode())"
    lines = stack.execute("worker", "python", "-c", code).splitlines()
    split = [line.rpartition(" ") for line in lines if line and not line.startswith("#")]
    return {name: float(value) for name, _space, value in split}


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics", "/metrics?x=1", "/./metrics"])
def test_metrics_are_not_for_outside(served: Stack, path: str):
    answer = served.get(path)
    assert answer.status == 404
    assert "shop_" not in answer.text


def test_metrics_say_the_same_whichever_process_answers(served: Stack):
    wait_until(lambda: _metrics(served)['shop_queue_workers{queue="default"}'] == 2, seconds=60, what="both workers")
    found = _metrics(served)
    assert (found["shop_database_up"], found["shop_broker_up"], found["shop_cache_up"]) == (1, 1, 1)
    assert found["shop_beat_tick_timestamp_seconds"] > 0
    name = 'shop_requests_total{method="GET",status="200",view="core:contact"}'
    before = found.get(name, 0)
    for _ in range(20):
        served.get("/contact/")
    assert [_metrics(served)[name] for _ in range(6)] == [before + 20] * 6


def test_status_is_one_screen(served: Stack):
    screen = served.make("status")
    assert len(screen.splitlines()) <= 40
    for part in ("Services", "worker-io", "(healthy)", "Release", "Queues", "failed today", "Beat", "Disk"):
        assert part in screen
    assert re.search(r"Last backup +\S", screen)
    assert re.search(r"Last deploy +none yet", screen)


def test_status_says_so_where_web_is_away(served: Stack):
    served.compose("stop", "web")
    try:
        assert "! Application  does not answer" in served.make("status")
    finally:
        served.compose("start", "web")
    served.wait_for_health("web")


@pytest.mark.parametrize("service", ["worker", "beat"])
def test_a_process_that_hangs_is_ended_and_comes_back_by_itself(served: Stack, service: str):
    container = served.container(service)

    def began() -> str:
        return _docker("inspect", "--format", "{{.State.StartedAt}} {{.RestartCount}}", container)

    before = began()
    served.execute(service, "python", "-c", STOP)
    wait_until(lambda: began() != before, seconds=360, what=f"{service} is ended and started again")
    served.wait_for_health(service)
    assert "process_ended_by_probe" in _docker("logs", container) or "it is ended" in _docker("logs", container)


def _docker(*arguments: str) -> str:
    result = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True)
    return result.stdout + result.stderr
