from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _test_kinds_and_a_fresh_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.services import doorbell
    from tasks.tests import kinds

    assert kinds
    monkeypatch.setattr(doorbell, "_silent_until", float("-inf"))


@pytest.fixture
def temporary_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry forgets what the test registers."""
    from tasks.services import registry

    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
