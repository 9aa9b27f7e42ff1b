"""Whether this process is alive, and whether it is ready to serve."""

from __future__ import annotations

from collections.abc import Callable

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = structlog.get_logger(__name__)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers. It asks nothing else, so a database that is down restarts no container.

    It says which release answers: a deployment looks whether the public address reaches the new one.
    """
    response = JsonResponse({"status": "ok"})
    response["X-Release"] = settings.RELEASE
    return response


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, Redis and cache answer and every migration is applied; else 503, naming what fails.

    The answer says which check failed and not why: it is public, so the reason goes to the log.
    """
    checks = {name: _passes(name, check) for name, check in CHECKS.items()}
    healthy = all(checks.values())
    body = {
        "status": "ok" if healthy else "unavailable",
        "checks": {name: "ok" if passed else "failed" for name, passed in checks.items()},
    }
    return JsonResponse(body, status=200 if healthy else 503)


def _passes(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # whatever the driver raises, the answer is the same
        log.warning("not_ready", check=name, error=str(error))
        return False
    return True


def _database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis_answers() -> None:
    _ping(settings.REDIS_URL)


def _cache_answers() -> None:
    # Not through Django's cache, which forgives a Redis that is away.
    _ping(settings.CACHE_URL)


def _ping(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()


def _migrations_are_applied() -> None:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise RuntimeError(f"{len(pending)} migrations are not applied: run `make migrate`.")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database_answers,
    "migrations": _migrations_are_applied,
    "redis": _redis_answers,
    "cache": _cache_answers,
}

app_name = "health"
urlpatterns = [path("live", live, name="live"), path("ready", ready, name="ready")]
