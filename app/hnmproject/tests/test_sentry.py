"""Errors reach Sentry when it is on, without personal data; a malformed DSN turns nothing on."""

from __future__ import annotations

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from hnmproject import sentry


class CatchingTransport(Transport):
    caught: list = []

    def capture_envelope(self, envelope):
        self.caught.append(envelope)


@pytest.fixture
def caught(monkeypatch):
    init = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: init(transport=CatchingTransport, **options))
    CatchingTransport.caught = []
    yield CatchingTransport.caught
    sentry_sdk.get_global_scope().set_client(None)


def test_an_error_is_reported_with_release_and_environment(caught):
    sentry.start(dsn="https://key@sentry.example/1", environment="staging", release="abc123")
    sentry_sdk.capture_exception(RuntimeError("boiler is cold"))
    sentry_sdk.flush()
    event = next(event for envelope in caught if (event := envelope.get_event()))
    assert event["exception"]["values"][0]["value"] == "boiler is cold"
    assert (event["environment"], event["release"]) == ("staging", "abc123")
    assert not sentry_sdk.scope.should_send_default_pii()


def test_a_malformed_dsn_starts_nothing(caught):
    sentry.start(dsn="sentry.example", environment="staging", release="abc123")
    assert not sentry_sdk.get_client().is_active()
