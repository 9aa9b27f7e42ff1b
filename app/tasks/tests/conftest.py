from __future__ import annotations

import uuid
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _test_kinds_and_a_fresh_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.services import doorbell, telling
    from tasks.tests import kinds

    assert kinds
    monkeypatch.setattr(doorbell, "_silent_until", float("-inf"))
    monkeypatch.setattr(telling, "_silent_until", float("-inf"))


@pytest.fixture(autouse=True)
def _own_channel_layer(settings: Any) -> None:
    """What is published reaches all databases of a Redis server, so also the tests that run beside this one."""
    layer = settings.CHANNEL_LAYERS["default"]
    prefix = f"test-{uuid.uuid4().hex}"
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "prefix": prefix}}}


@pytest.fixture
def temporary_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry forgets what the test registers."""
    from tasks.services import registry

    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
