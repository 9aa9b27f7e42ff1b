"""Error reports to Sentry, on only where SENTRY_DSN is set."""

from __future__ import annotations

from contextlib import suppress


def start(*, dsn: str, environment: str, release: str) -> None:
    """Report errors of Django and Celery, without personal data (the SDK's default: nothing about the user,
    no cookies, no form fields).

    A malformed DSN starts nothing: the system check hnmproject.E006 says so, more clearly than a traceback here.
    """
    # Each process of a shop without Sentry is 4 MB smaller without its library.
    import sentry_sdk
    from sentry_sdk.utils import BadDsn

    with suppress(BadDsn):
        sentry_sdk.init(dsn=dsn, environment=environment, release=release)
