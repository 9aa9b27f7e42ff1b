"""The probe ends a process that hangs, so that the engine starts it again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tasks import probe


@pytest.fixture
def hanging():
    """A process that is stopped, and hears no polite signal."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    process.send_signal(signal.SIGSTOP)
    yield process
    process.kill()
    process.wait(timeout=10)


@pytest.fixture
def container(tmp_path, monkeypatch, hanging):
    """What /proc says in a container whose main process is the hanging one, and has run for an hour."""
    proc = tmp_path / "proc"
    (proc / "1/task/1").mkdir(parents=True)
    (proc / "1/fd").mkdir()
    (proc / "1/fd/2").touch()
    (proc / "1/task/1/children").write_text(f"{hanging.pid} ")
    run_for(proc, seconds=3600)
    monkeypatch.setattr(probe, "PROC", proc)
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("LOG_FORMAT", "json")
    return proc


def run_for(proc, *, seconds):
    started = (100_000 - seconds) * os.sysconf("SC_CLK_TCK")
    (proc / "uptime").write_text("100000.00 1.00\n")
    (proc / "1/stat").write_text(f"1 (docker (init)) S {' '.join(['0'] * 18)} {started} 0 0\n")


@pytest.fixture
def stale(tmp_path):
    path = tmp_path / "heartbeat"
    path.touch()
    os.utime(path, (time.time() - 100, time.time() - 100))
    return path


def ask(path, *, failures="3"):
    return probe.heartbeat_complaint(str(path), "30", failures)


def test_it_is_ended_after_so_many_failures_and_the_log_says_so(container, hanging, stale):
    assert "failure 1 of 3" in ask(stale)
    assert "failure 2 of 3" in ask(stale)
    assert hanging.poll() is None
    assert (container / "1/fd/2").read_text() == ""

    ask(stale)
    assert hanging.wait(timeout=10) == -signal.SIGKILL
    line = json.loads((container / "1/fd/2").read_text())
    assert (line["event"], line["level"]) == ("process_ended_by_probe", "error")
    assert "That was failure 3 of 3: it is ended" in line["reason"]


def test_people_read_a_line_without_braces(container, hanging, stale, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "console")
    ask(stale, failures="1")
    assert (container / "1/fd/2").read_text().startswith(f"{stale} was last touched")


def test_failures_count_only_in_a_row(container, hanging, stale):
    ask(stale)
    ask(stale)
    os.utime(stale)
    assert ask(stale) is None
    os.utime(stale, (time.time() - 100, time.time() - 100))
    assert "failure 1 of 3" in ask(stale)
    assert hanging.poll() is None


def test_nothing_is_ended_where_no_number_says_so(container, hanging, stale):
    for _ in range(20):
        ask(stale, failures="")
    assert hanging.poll() is None


def test_nothing_is_ended_while_the_broker_is_away(container, hanging, stale, monkeypatch):
    """No restart would bring it back, and running jobs would be lost for nothing."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    for _ in range(5):
        assert "Its broker does not answer" in ask(stale)
    assert hanging.poll() is None


def test_a_broker_that_is_frozen_counts_as_away(container, hanging, stale, monkeypatch):
    """The kernel still accepts connections for it."""
    monkeypatch.setattr(probe, "BROKER_TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        assert "Its broker does not answer" in ask(stale)


def test_a_broker_that_answers_excuses_nothing(container, hanging, stale, settings, monkeypatch):
    monkeypatch.setenv("REDIS_URL", settings.REDIS_URL)
    assert "failure 1 of 3" in ask(stale)


def test_a_process_has_time_to_start(container, hanging, tmp_path):
    run_for(container, seconds=20)
    for _ in range(5):
        assert "does not exist" in ask(tmp_path / "none")
    assert hanging.poll() is None


def test_a_process_that_never_starts_is_ended(container, hanging, tmp_path):
    run_for(container, seconds=200)
    for _ in range(3):
        ask(tmp_path / "none")
    assert hanging.wait(timeout=10) == -signal.SIGKILL


def test_outside_a_container_it_just_complains(monkeypatch, stale, tmp_path):
    monkeypatch.setattr(probe, "PROC", tmp_path / "nowhere")
    monkeypatch.setenv("REDIS_URL", "")
    assert "failure" in ask(stale)
    assert "was last touched" in ask(stale, failures="1")
    assert "does not exist" in ask(tmp_path / "none")


def test_a_broken_count_is_none(container, hanging, stale):
    probe._count_file(str(stale)).write_text("nonsense")
    assert "failure 1 of 3" in ask(stale)
