"""Figures for Prometheus: what this container's processes have counted, and the background work as it is now.

nginx lets nobody in here from outside (nginx/snippets/internal.conf). Why it is made so: docs/adr/0022-metrics.md.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tasks import queues, selectors
from tasks.models import BackupWatch

SHARED = "PROMETHEUS_MULTIPROC_DIR" in os.environ
if SHARED:
    # One file for each of gunicorn's places, and not for each process there ever was.
    values.ValueClass = values.MultiProcessValue(lambda: os.environ.get("FIGURES_PLACE", str(os.getpid())))

disable_created_metrics()  # a second line for each, which says when it began and which nobody asks for
COUNTED = CollectorRegistry()
REQUESTS = Counter("shop_requests", "Requests answered.", ["method", "view", "status"], registry=COUNTED)
REQUEST_SECONDS = Histogram(
    "shop_request_seconds",
    "How long requests took.",
    ["view"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=COUNTED,
)
QUERIES = Counter("shop_database_queries", "Queries of requests.", ["view"], registry=COUNTED)
QUERY_SECONDS = Counter("shop_database_seconds", "Time that requests waited for queries.", ["view"], registry=COUNTED)
QUERY_ERRORS = Counter("shop_database_errors", "Queries of requests that failed.", ["view"], registry=COUNTED)

BROKER_TIMEOUT_SECONDS = 1
Sample = tuple[tuple[str, ...], float]  # the values of its labels, and its own


class _Queries:
    """Counts and times the queries that pass through it."""

    def __init__(self) -> None:
        self.number = 0
        self.errors = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        except DatabaseError:
            self.errors += 1
            raise
        finally:
            self.number += 1
            self.seconds += time.perf_counter() - started


def count_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the outermost: what it measures is what a visitor waits for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        queries = _Queries()
        with ExitStack() as watched:
            watched.enter_context(connection.execute_wrapper(queries))
            response = get_response(request)
        _count(request, response, seconds=time.perf_counter() - started, queries=queries)
        return response

    return middleware


def _count(request: HttpRequest, response: HttpResponse, *, seconds: float, queries: _Queries) -> None:
    # The view's name, never the address: a label's values are few, or Prometheus has no memory left.
    view = (request.resolver_match.view_name if request.resolver_match else "") or "none"
    method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
    REQUESTS.labels(method, view, response.status_code).inc()
    REQUEST_SECONDS.labels(view).observe(seconds)
    QUERIES.labels(view).inc(queries.number)
    QUERY_SECONDS.labels(view).inc(queries.seconds)
    if queries.errors:
        QUERY_ERRORS.labels(view).inc(queries.errors)


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Costs six queries and three round trips to Redis. What a proxy hands on gets a 404: it comes from outside."""
    if "X-Forwarded-For" in request.headers:
        raise Http404
    now = CollectorRegistry()
    now.register(Now())
    return HttpResponse(generate_latest(_counted()) + generate_latest(now), content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    if not SHARED:
        return COUNTED
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


class Now(Collector):
    """The background work as database and broker say, at the moment of asking: the same from whichever process."""

    def collect(self) -> Iterable[Metric]:
        yield _gauge("shop_release_info", "The release that answers.", [((settings.RELEASE,), 1)], ["release"])
        yield from _broker()
        yield _gauge("shop_cache_up", "Whether the cache answers.", [((), _cache_answers())])
        try:
            found = [*_jobs(), *_processes()]
        except DatabaseError:
            connection.close()
            found = None
        yield _gauge("shop_database_up", "Whether the database answers.", [((), found is not None)])
        yield from found or []


def _gauge(
    name: str, says: str, samples: Iterable[tuple[tuple[str, ...], float]], labels: Iterable[str] = ()
) -> Metric:
    family = GaugeMetricFamily(name, says, labels=list(labels))
    for label_values, value in samples:
        family.add_metric(list(label_values), value)
    return family


def _broker() -> Iterator[Metric]:
    try:
        with _redis(settings.REDIS_URL) as client:
            lengths = [((name,), client.llen(name)) for name in queues.NAMES]
    except redis.RedisError:
        lengths = []
    yield _gauge("shop_broker_up", "Whether the broker answers.", [((), bool(lengths))])
    yield _gauge("shop_broker_messages", "Messages that no worker has taken yet.", lengths, ["queue"])


def _cache_answers() -> bool:
    try:
        with _redis(settings.CACHE_URL) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=BROKER_TIMEOUT_SECONDS, socket_connect_timeout=BROKER_TIMEOUT_SECONDS
    )


def _jobs() -> Iterator[Metric]:
    unfinished = [((kind, queue, state), number) for kind, queue, state, number in selectors.unfinished_by_kind()]
    yield _gauge("shop_jobs", "Jobs that are not finished.", unfinished, ["kind", "queue", "state"])
    an_hour_ago = timezone.now() - timedelta(hours=1)
    ended = [((kind, state), number) for kind, state, number in selectors.ended_by_kind(an_hour_ago)]
    yield _gauge("shop_jobs_ended_last_hour", "Jobs that ended in the last hour.", ended, ["kind", "state"])


def _processes() -> Iterator[Metric]:
    living = selectors.process_figures()
    waiting = selectors.queue_figures(living.workers)
    ages = [((queue.name,), queue.oldest_due.total_seconds() if queue.oldest_due else 0.0) for queue in waiting]
    yield _gauge("shop_queue_due_jobs", "Jobs that wait and are due.", _by_queue(waiting, "due"), ["queue"])
    yield _gauge("shop_queue_oldest_due_seconds", "How long the oldest due job has waited.", ages, ["queue"])
    yield _gauge("shop_queue_workers", "Workers that serve the queue.", _by_queue(waiting, "workers"), ["queue"])
    seen = [((worker.name,), worker.seen.timestamp()) for worker in living.workers]
    yield _gauge("shop_worker_seen_timestamp_seconds", "When a worker last said that it lives.", seen, ["worker"])
    yield from _backups()
    ticked = [((), living.beat_ticked.timestamp())] if living.beat_ticked else []
    yield _gauge("shop_beat_tick_timestamp_seconds", "When beat last ticked.", ticked)


def _backups() -> Iterator[Metric]:
    """Where nobody looks at backups there is none of these, and no alert."""
    watch = BackupWatch.objects.first()
    made = [((), watch.made.timestamp())] if watch and watch.made else []
    verified = [((), watch.verified.timestamp())] if watch and watch.verified else []
    well = [((), float(not watch.problem))] if watch else []
    yield _gauge("shop_backup_timestamp_seconds", "When the newest backup was made.", made)
    yield _gauge("shop_backup_verified_timestamp_seconds", "When one was last restored and found equal.", verified)
    yield _gauge("shop_backup_bytes", "Size of the newest backup.", [((), watch.size)] if watch else [])
    yield _gauge("shop_backups_well", "Whether the backups are new, sound and verified.", well)


def _by_queue(waiting: Iterable[selectors.QueueFigures], figure: str) -> list[Sample]:
    return [((queue.name,), getattr(queue, figure)) for queue in waiting]
