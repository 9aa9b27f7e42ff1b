"""A worker that takes no messages although some wait. With real children that hang: tests/stack/test_5_faults.py."""

from __future__ import annotations

import os
import signal
from types import SimpleNamespace

import pytest
import redis
from celery.worker import state

from tasks import worker_life
from tasks.worker_life import DEAF_SECONDS, EndWhenDeafStep

QUEUES = ("default", "bulk")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    fake = Clock()
    monkeypatch.setattr(worker_life, "time", fake)
    return fake


@pytest.fixture
def killed(monkeypatch):
    signals: list[tuple[int, int]] = []
    monkeypatch.setattr(worker_life.os, "kill", lambda pid, number: signals.append((pid, number)))
    return signals


@pytest.fixture
def step(monkeypatch, settings):
    """As beside a health check, with messages that wait, in a worker that has taken seven."""
    settings.HEARTBEAT_FILE = "/tmp/heartbeat"  # nobody touches it
    monkeypatch.setattr(state, "all_total_count", [7])
    monkeypatch.setattr(state, "active_requests", set())
    monkeypatch.setattr(state, "should_stop", None)
    made = EndWhenDeafStep(SimpleNamespace(steps=[]))
    monkeypatch.setattr(made, "look", lambda names: None)
    made._messages_wait = True
    return made


def test_it_connects_anew_once_and_ends_itself_later(step, clock, killed):
    step.check(QUEUES)
    step.check(QUEUES)
    clock.now += DEAF_SECONDS
    with pytest.raises(ConnectionResetError):
        step.check(QUEUES)
    clock.now += DEAF_SECONDS
    step.check(QUEUES)
    assert not killed
    clock.now += DEAF_SECONDS
    step.check(QUEUES)
    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_where_nobody_would_start_it_again_it_does_not_end(step, clock, killed, settings):
    settings.HEARTBEAT_FILE = ""
    step.check(QUEUES)
    step.check(QUEUES)
    clock.now += 4 * DEAF_SECONDS
    with pytest.raises(ConnectionResetError):
        step.check(QUEUES)
    step.check(QUEUES)
    assert not killed


def nothing_waits(step):
    step._messages_wait = False


def one_was_taken(step):
    state.all_total_count[0] += 1


def one_is_worked_on(step):
    state.active_requests.add("request")


def it_is_told_to_end(step):
    state.should_stop = 0


@pytest.mark.parametrize("meanwhile", [nothing_waits, one_was_taken, one_is_worked_on, it_is_told_to_end])
def test_a_worker_that_does_what_it_should_is_left_alone(step, clock, killed, meanwhile):
    step.check(QUEUES)
    step.check(QUEUES)
    clock.now += 4 * DEAF_SECONDS
    meanwhile(step)
    step.check(QUEUES)
    assert not killed


def test_it_looks_into_its_own_queues(settings):
    step = EndWhenDeafStep(SimpleNamespace(steps=[]))
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.delete("trial-a", "trial-b")
        step.look(("trial-a", "trial-b"))
        assert not step._messages_wait
        broker.rpush("trial-b", "message")
        step.look(("trial-a", "trial-b"))
        assert step._messages_wait
        broker.delete("trial-b")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    step.look(("trial-b",))
    assert not step._messages_wait, "a broker that is away has nothing to take"
