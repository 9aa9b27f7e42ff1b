"""Error reports to Sentry, on only where SENTRY_DSN is set."""

from __future__ import annotations

import sentry_sdk
from sentry_sdk.utils import BadDsn


def start(*, dsn: str, environment: str, release: str) -> None:
    """Report errors of Django and Celery, without personal data (the SDK's default: nothing about the user,
    no cookies, no form fields).

    A malformed DSN starts nothing: the system check hnmproject.E006 says so, more clearly than a traceback here.
    """
    try:
        _init(dsn, environment, release)
    except BadDsn:
        return


def _init(dsn: str, environment: str, release: str) -> None:
    sentry_sdk.init(dsn=dsn, environment=environment, release=release)
