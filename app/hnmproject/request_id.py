"""One id for a request, from nginx through Django's log lines into those of the jobs that it asked for.

django-structlog binds the id to the log context; this puts it into the answer, so that a visitor can quote it.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpResponse
from django_structlog.signals import bind_extra_request_finished_metadata, update_failure_response

HEADER = "X-Request-ID"


def current() -> str:
    """The id of the request in hand, or "" outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


@receiver([bind_extra_request_finished_metadata, update_failure_response])
def name_request_in_answer(response: HttpResponse, **kwargs: Any) -> None:
    response[HEADER] = current()
