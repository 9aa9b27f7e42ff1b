"""Structured logs: one JSON object a line in production, colours in development.

Every line carries the ``request_id`` that nginx gave the request (header X-Request-ID), also the lines of the jobs
that the request asked for.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import structlog

_SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configuration(*, level: str, output: str) -> dict[str, Any]:
    """Django's LOGGING, and structlog configured to feed it. ``output`` is "json" or "console"."""
    _configure_structlog()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED_PROCESSORS,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(output)],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request middleware of django-structlog logs every request; Django's own line would repeat it.
            "django.server": {"handlers": [], "propagate": False},
            "django.request": {"level": "ERROR"},
            # A line for every message sent, received, dropped and done: the lines about the message's job say more.
            **{
                f"celery.{name}": {"level": "WARNING"}
                for name in ("app.trace", "beat", "worker.request", "worker.strategy")
            },
            # An outage of Redis, told with a traceback each second; our own line says it once.
            "channels_redis.pubsub": {"level": "CRITICAL"},
            "httpx": {"level": "WARNING"},
            "PIL": {"level": "WARNING"},
            "django_tasks": {"level": "WARNING"},  # two lines for every row that the search indexes
        },
    }


def _configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _renderers(output: str) -> list[Any]:
    if output == "console":
        # Plain: the default draws every local variable of every frame, a screenful for each.
        colors = sys.stderr.isatty() and "NO_COLOR" not in os.environ
        return [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
