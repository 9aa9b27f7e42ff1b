"""The whole stack as a developer gets it from ``make up``: pages, files, reload, mail, health, restarts, data.

The order matters: what disturbs the stack comes last.
"""

from __future__ import annotations

import json
import re
import subprocess
import urllib.parse
import urllib.request

import pytest
from tests.environment import wait_until
from tests.stack.stack import SERVICES, Stack


def test_up_says_where_everything_is(stack: Stack):
    assert f"http://localhost:{stack.port}" in stack.up_output
    assert f"http://localhost:{stack.mail_port}" in stack.up_output
    assert f"http://localhost:{stack.stripe_port}" in stack.up_output
    assert "admin@example.com" in stack.up_output


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_healthy(stack: Stack, service: str):
    stack.wait_for_health(service)


@pytest.mark.parametrize("path", ["/", "/shop/", "/blog/", "/contact/", "/accounts/login/", "/sitemap.xml"])
def test_pages_come_through_nginx(stack: Stack, path: str):
    answer = stack.get(path)
    assert answer.status == 200
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"]), "nginx's id should reach Django and return"


def test_a_product_has_its_pictures(stack: Stack):
    product = re.search(r'href="(/shop/products/[^"?#]+)"', stack.get("/shop/").text)
    assert product
    picture = re.search(r'src="(/media/[^"]+)"', stack.get(product[1]).text)
    assert picture
    answer = stack.get(picture[1])
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("image/")
    assert answer.headers["Cache-Control"] == "public, max-age=2592000"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_workers_make_the_smaller_pictures(stack: Stack):
    wait_until(lambda: ".avif" in stack.get("/shop/").text, seconds=240, what="a picture in AVIF on /shop/")
    avif = re.search(r"(/media/[^\s\",]+\.avif)", stack.get("/shop/").text)
    assert avif
    answer = stack.get(avif[1])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/avif")


def test_only_nginx_mail_and_stripe_are_published_and_only_here(stack: Stack):
    services = [json.loads(line) for line in stack.compose("ps", "--format", "json").splitlines()]
    published = {
        (service["Service"], publisher["URL"])
        for service in services
        for publisher in service["Publishers"] or []
        if publisher["PublishedPort"]
    }
    assert published == {("nginx", "127.0.0.1"), ("mail", "127.0.0.1"), ("stripe", "127.0.0.1")}


def test_sockets_reach_the_live_service_and_strangers_are_refused(stack: Stack):
    site = f"http://localhost:{stack.port}"
    handshake = {
        "Connection": "upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": site, "Host": site.removeprefix("http://"),
    }  # fmt: skip
    assert stack.get("/ws/jobs/1/", **handshake).status == 403
    assert stack.get("/ws/jobs/1/").status == 404, "an ordinary request gets the page of what does not exist"


def test_a_page_too_large_gets_a_page_that_says_so(stack: Stack):
    request = urllib.request.Request(
        f"http://127.0.0.1:{stack.port}/contact/", data=b"x" * (21 * 1024 * 1024), method="POST"
    )
    try:
        answer = stack.send(request)
    except (BrokenPipeError, ConnectionResetError):  # nginx may hang up while we are still sending
        pytest.skip("nginx closed the connection before its answer could be read")
    assert answer.status == 413
    assert "too large" in answer.text.lower()


def test_mail_is_caught(stack: Stack):
    page = stack.get("/contact/")
    cookie = page.headers["Set-Cookie"].split(";")[0]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    fields |= {
        "name": "Alice", "email": "alice@example.com", "subject": "Do you ship to Norway?", "message": "Thank you!"
    }  # fmt: skip
    request = urllib.request.Request(
        f"http://127.0.0.1:{stack.port}/contact/",
        data=urllib.parse.urlencode(fields).encode(),
        headers={"Cookie": cookie, "Referer": f"http://127.0.0.1:{stack.port}/contact/"},
    )
    assert stack.send(request).status == 302

    def mails() -> list[str]:
        return [mail["subject"] for mail in json.loads(stack.get("/email", port=stack.mail_port).body)]

    wait_until(lambda: any("Norway" in subject for subject in mails()), seconds=30, what="the mail in MailDev")


def test_edited_code_is_served(stack: Stack):
    health = stack.folder / "app/hnmproject/health.py"
    code = health.read_text()
    health.write_text(code.replace('JsonResponse({"status": "ok"})', 'JsonResponse({"status": "edited"})'))
    try:
        wait_until(lambda: "edited" in _quietly(stack, "/health/live"), seconds=60, what="the edited code")
    finally:
        health.write_text(code)

    def saved_again_and_served() -> bool:
        # gunicorn looks for changes once a second, first after a module is loaded: a save before that is not noticed.
        health.write_text(code)
        return '"ok"' in _quietly(stack, "/health/live")

    wait_until(saved_again_and_served, seconds=60, what="the code as it was")


def test_edited_templates_are_served(stack: Stack):
    base = stack.folder / "app/hnmproject/templates/base.html"
    template = base.read_text()
    base.write_text(template.replace("</body>", "<!-- edited --></body>"))
    try:
        wait_until(lambda: "<!-- edited -->" in stack.get("/blog/").text, seconds=10, what="the edited template")
    finally:
        base.write_text(template)


def test_edited_code_reaches_the_worker(stack: Stack):
    jobs = stack.folder / "app/tasks/jobs.py"
    code = jobs.read_text()
    jobs.write_text(code + '\nprint("the worker has the new code", flush=True)\n')
    try:
        wait_until(
            lambda: "the worker has the new code" in stack.compose("logs", "--tail", "50", "worker"),
            seconds=60, what="the edited code in the worker",
        )  # fmt: skip
    finally:
        jobs.write_text(code)
    stack.wait_for_health("worker")


def test_make_acts_on_the_containers(stack: Stack):
    output = stack.make("manage", ARGS="check --database default")
    assert "no issues" in output
    assert "[X] 0001_initial" in stack.make("showmigrations", ARGS="core")


@pytest.mark.parametrize("service", ["web", "live", "worker", "worker-io", "beat", "flower", "redis", "cache", "db"])
def test_the_site_survives_a_restart_of(stack: Stack, service: str):
    stack.compose("restart", service)
    stack.wait_for_health(service)
    wait_until(stack.answers, seconds=60, what=f"the site after {service} restarted")


def test_nginx_finds_web_again_at_another_address(stack: Stack):
    stack.compose("up", "--detach", "--force-recreate", "--no-deps", "--wait", "web")
    wait_until(lambda: stack.get("/").status == 200, seconds=30, what="nginx at the new address of web")


def test_without_web_nginx_has_a_page_of_its_own(stack: Stack):
    stack.compose("stop", "web")
    try:
        answer = stack.get("/shop/")
        assert answer.status in {502, 504}
        assert "<html" in answer.text
        assert "nginx" not in answer.text.lower()
    finally:
        stack.compose("start", "web")
    wait_until(stack.answers, seconds=60, what="the site after web started")


# What is stopped while the container goes on, and which healthchecks notice. What stands together needs no other of it.
@pytest.mark.parametrize(
    ("frozen", "noticed_by"),
    [
        pytest.param(
            {
                "nginx": "nginx", "mail": "node", "stripe": "stripe_simulator", "flower": "flower_app",
                "beat": "celery", "worker": "celery", "worker-io": "celery",
            },
            {"nginx", "mail", "stripe", "flower", "beat", "worker", "worker-io"},
            id="each by itself",
        ),
        pytest.param({"db": "mysqld", "cache": "redis-server"}, {"db", "cache"}, id="db and cache"),
        pytest.param({"redis": "redis-server"}, {"redis", "web", "live"}, id="redis, whom web and live ask"),
    ],
)  # fmt: skip
def test_healthchecks_notice_and_forgive(stack: Stack, frozen: dict[str, str], noticed_by: set[str]):
    """Freeze what the checks watch: they turn unhealthy. Thaw it: they come back."""
    # A container that has not been healthy since its start, as after the test before, may fail for three minutes.
    for service in SERVICES:
        stack.wait_for_health(service)
    for service, process in frozen.items():
        _signal(stack, service, process, "STOP")
    try:
        for service in noticed_by:
            stack.wait_for_health(service, "unhealthy", seconds=150)
    finally:
        for service, process in frozen.items():
            _signal(stack, service, process, "CONT")
    for service in SERVICES:
        stack.wait_for_health(service, seconds=120)
    wait_until(stack.answers, seconds=60, what=f"the site after {', '.join(frozen)} thawed")


def test_data_outlives_down_and_up(stack: Stack):
    ask = "from core.models import ContactMessage as M; print('messages', M.objects.count())"
    before = stack.make("manage", ARGS=f'shell --verbosity 0 -c "{ask}"')
    assert re.search(r"messages [1-9]", before)
    stack.make("down")
    assert stack.compose("ps", "--all", "--quiet") == ""
    stack.make("up")
    assert stack.make("manage", ARGS=f'shell --verbosity 0 -c "{ask}"') == before
    assert stack.get("/shop/").status == 200


def _quietly(stack: Stack, path: str) -> str:
    try:
        return stack.get(path).text
    except OSError:
        return ""


def _signal(stack: Stack, service: str, process: str, name: str) -> None:
    # Signals come from the host: a container's own shell may have no tool for it, nor the right.
    for pid in _processes(stack.container(service), process):
        subprocess.run(["kill", f"-{name}", pid], check=False)


def _processes(container: str, name: str) -> list[str]:
    listing = _docker("top", container, "-eo", "pid,args").splitlines()[1:]
    return [line.split(None, 1)[0] for line in listing if name in line.split(None, 1)[1]]


def _docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout
