"""`make run` as a person has it: it starts, reloads what is edited, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator

import pytest
from tests.tooling.shells import Running, Shell, wait_for


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell.in_clone(tmp_path_factory.mktemp("embedded"))
    # The demo has tests of its own, and drawing its pictures takes a while.
    (shell.folder / "var").mkdir()
    (shell.folder / "var" / "demo").write_text("loaded")
    yield shell
    assert shell.processes() == []


@pytest.fixture(scope="module")
def shop(shell: Shell) -> Iterator[Running]:
    running = Running(shell)
    try:
        running.seconds_until_ready()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(timeout=30)


def test_says_where_it_is_and_who_can_log_in(shell: Shell, shop: Running) -> None:
    login = (shell.folder / "var" / "staff-login").read_text().split()
    assert f"http://localhost:{shell.port}/admin/" in shop.output
    assert " · ".join(login) in shop.output
    assert (shell.folder / "var" / "staff-login").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ["/health/ready", "/", "/shop/", "/blog/", "/admin/login/"])
def test_serves(shell: Shell, shop: Running, path: str) -> None:
    assert shell.get(path)[0] == 200


def test_links_carry_the_port(shell: Shell, shop: Running) -> None:
    assert f"http://localhost:{shell.port}/" in shell.get("/sitemap.xml")[1] + shell.get("/robots.txt")[1]


def test_an_edited_template_shows_at_once(shell: Shell, shop: Running) -> None:
    assert "<!-- edited template -->" not in shell.get("/")[1]
    template = shell.folder / "app/hnmproject/templates/base.html"
    template.write_text(template.read_text().replace("</body>", "<!-- edited template --></body>"))
    assert "<!-- edited template -->" in shell.get("/")[1]


def test_edited_code_is_loaded_without_a_refused_request(shell: Shell, shop: Running) -> None:
    health = shell.folder / "app/hnmproject/health.py"
    health.write_text(health.read_text().replace('{"status": "ok"}', '{"status": "edited"}'))
    answers = []
    wait_for(lambda: answers.append(shell.get("/health/live")) or "edited" in answers[-1][1], why=lambda: shop.output)
    assert {status for status, _ in answers} == {200}


def test_the_worker_loads_edited_code_too(shell: Shell, shop: Running) -> None:
    before = _processes(shell)["worker"]
    (shell.folder / "app/tasks/edited.py").write_text("# anything\n")
    wait_for(lambda: _processes(shell)["worker"] != before, why=lambda: shop.output)
    assert "Changed: tasks/edited.py" in shop.output


def test_broken_code_is_survived(shell: Shell, shop: Running) -> None:
    settings = shell.folder / "app/hnmproject/settings.py"
    working = settings.read_text()
    settings.write_text("broken = = 1\n")
    try:
        shop.until("web could not load the changed code")
        shop.until("worker could not load the changed code")
        assert "SyntaxError" in shop.output
    finally:
        settings.write_text(working)
    wait_for(lambda: shell.get("/health/ready")[0] == 200, why=lambda: shop.output)


def test_a_second_start_in_the_same_folder_is_refused(shell: Shell, shop: Running) -> None:
    result = shell.run("scripts/run")
    assert result.returncode == 1
    assert f"it runs already, at http://localhost:{shell.port}" in result.stderr


def test_ps_lists_the_processes(shell: Shell, shop: Running) -> None:
    output = shell.run("make", "ps").stdout
    for name in ("valkey", "web", "worker", "beat"):
        assert f"\n{name} " in output


def test_status_is_one_screen_of_processes_and_queues(shell: Shell, shop: Running) -> None:
    status = shell.run("make", "status")
    assert status.returncode == 0
    assert "Traceback" not in status.stdout + status.stderr
    for words in ("manager", "worker", "Queues", "Disk", "Last backup"):
        assert words in status.stdout


def test_a_command_beside_it_has_its_cache(shell: Shell, shop: Running) -> None:
    _shell_command(shell, 'from django.core.cache import cache; cache.set("tooling", "shared", 60)')
    assert "shared" in _shell_command(shell, 'from django.core.cache import cache; print(cache.get("tooling"))')


def test_the_log_is_kept_without_colours(shell: Shell, shop: Running) -> None:
    log = (shell.folder / "var/log/embedded.log").read_text()
    assert "Ready after" in log
    assert "\x1b" not in log


def test_data_of_a_running_shop_is_not_deleted(shell: Shell, shop: Running) -> None:
    result = shell.run("make", "clean", "ARGS=--yes")
    assert result.returncode != 0
    assert "stop it with “make down” first" in result.stderr


def test_interrupted_it_leaves_nothing(shell: Shell, shop: Running) -> None:
    """Ctrl-C: the terminal sends SIGINT to the whole group."""
    code, seconds = shop.stop(signal.SIGINT)
    assert code == 0
    assert seconds < 10
    assert shell.processes() == []
    assert shop.output.endswith("Stopped.\n")


def test_a_command_alone_has_services_of_its_own(shell: Shell, shop: Running) -> None:
    assert "1" in _shell_command(shell, "from django.core.cache import cache; cache.set('a', 1); print(cache.get('a'))")
    assert shell.processes() == []


def test_the_database_console_needs_no_program(shell: Shell, shop: Running) -> None:
    without = shell.folder.parent / "bin"
    without.mkdir()
    for name in ("bash", "env", "cut", "cmp", "dirname", "grep", "tail", "head", "tr", "cat"):
        (without / name).symlink_to(f"/usr/bin/{name}")
    result = shell.run("scripts/manage", "dbshell", text="SELECT email\nFROM users_customuser;\n", PATH=str(without))
    assert result.stdout == "admin@example.com\n", result.stderr


def test_a_second_start_is_quick_and_down_ends_it(shell: Shell, shop: Running) -> None:
    running = Running(shell)
    try:
        # Under 5 s on an idle machine; here the other tests run beside it.
        assert running.seconds_until_ready() < 20
        assert f"in {shell.folder / 'var' / 'staff-login'}" in running.output
        assert shell.run("make", "down").stdout == "Stopped.\n"
        assert running.process.wait(timeout=10) == 0
    finally:
        running.process.terminate()
        running.process.wait(timeout=30)
    assert shell.processes() == []


def test_killed_outright_it_leaves_nothing_either(shell: Shell, shop: Running) -> None:
    running = Running(shell)
    running.seconds_until_ready()
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    wait_for(lambda: not shell.processes(), why=lambda: str(shell.processes()))


def test_a_process_that_dies_takes_the_others_and_says_so(shell: Shell, shop: Running) -> None:
    running = Running(shell)
    try:
        running.seconds_until_ready()
        os.kill(_processes(shell)["beat"], signal.SIGKILL)
        assert running.process.wait(timeout=20) == 1
    finally:
        running.process.terminate()
        running.process.wait(timeout=30)
    assert "Error: beat was ended by signal 9, so everything was stopped." in running.output
    assert shell.processes() == []


def test_a_closed_terminal_stops_it(shell: Shell, shop: Running) -> None:
    running = Running(shell)
    wait_for(shell.processes)
    running.stop(signal.SIGHUP)
    wait_for(lambda: not shell.processes(), why=lambda: str(shell.processes()))


def _processes(shell: Shell) -> dict[str, int]:
    processes: dict[str, int] = json.loads((shell.folder / "var" / "run.json").read_text())["processes"]
    return processes


def _shell_command(shell: Shell, code: str) -> str:
    result = shell.run("scripts/manage", "shell", "--verbosity", "0", "--command", code)
    assert result.returncode == 0, result.stderr
    return result.stdout
