"""A wrong setting is named before anything starts, with what to set instead."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from hnmproject import checks


def ids(check) -> list[str]:
    return [message.id for message in check(None)]


def test_a_sound_configuration_passes():
    assert [message for message in run_checks() if message.is_serious()] == []


def test_names_a_missing_secret_key(settings):
    settings.SECRET_KEY = ""
    assert ids(checks.secret_key_is_set) == ["hnmproject.E001"]


@pytest.mark.parametrize(
    ("site_url", "https", "expected"),
    [
        ("http://testserver", False, []),
        ("https://testserver", True, []),
        ("testserver", False, ["hnmproject.E002"]),
        ("http://testserver/shop", False, ["hnmproject.E002"]),
        ("https://elsewhere.example", True, ["hnmproject.E003"]),
        ("http://testserver", True, ["hnmproject.E004"]),
        ("http://localhost:8000", True, []),
    ],
)
def test_site_url(settings, site_url, https, expected):
    settings.SITE_URL, settings.HTTPS = site_url, https
    assert ids(checks.site_url_is_usable) == expected


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [("", []), ("https://key@sentry.example/1", []), ("sentry.example", ["hnmproject.E006"])],
)
def test_sentry_dsn(settings, dsn, expected):
    settings.SENTRY_DSN = dsn
    assert ids(checks.sentry_is_usable) == expected


@pytest.mark.parametrize(
    ("url", "debug", "https", "expected"),
    [
        ("", True, False, []),
        ("", False, True, ["hnmproject.E007"]),
        ("smtp://mail:1025", False, True, []),
        ("smtp://", False, True, ["hnmproject.E008"]),
    ],
)
def test_mail(settings, url, debug, https, expected):
    settings.EMAIL_URL, settings.DEBUG, settings.HTTPS = url, debug, https
    assert ids(checks.mail_is_usable) == expected


def test_mysql_needs_its_driver(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.mysql")
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    assert ids(checks.database_driver_is_installed) == ["hnmproject.E005"]


def test_log_format(settings):
    settings.LOG_FORMAT = "xml"
    assert ids(checks.log_format_is_known) == ["hnmproject.E009"]


@pytest.mark.parametrize(
    ("soft", "hard", "visible", "expected"),
    [
        (50, 60, 61, []),
        (60, 60, 61, ["hnmproject.E014"]),
        (0, 60, 61, ["hnmproject.E014"]),
        (50, 60, 60, ["hnmproject.E015"]),
        (90, 60, 30, ["hnmproject.E014", "hnmproject.E015"]),
    ],
)
def test_time_limits(settings, soft, hard, visible, expected):
    settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT = soft, hard
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": visible}
    assert ids(checks.time_limits_are_in_order) == expected
