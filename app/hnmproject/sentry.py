"""Error reports to Sentry, on only where SENTRY_DSN is set."""

from __future__ import annotations

import sentry_sdk


def start(*, dsn: str, environment: str, release: str) -> None:
    """Report errors of Django and Celery, without personal data."""
    sentry_sdk.init(dsn=dsn, environment=environment, release=release, send_default_pii=False)
