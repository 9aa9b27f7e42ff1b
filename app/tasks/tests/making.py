"""Making jobs and kinds for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tasks.models import Job
from tasks.services import jobs


def a_job(**fields: Any) -> Job:
    """A row as it stands in the table, whoever may have put it there."""
    return Job.objects.create(**{"kind": "tests.echo", "queue": "default", "arguments": {}, **fields})


def a_kind(function: Callable[..., Any], name: str = "tests.temporary", **options: Any) -> str:
    """A kind for one test, which uses the fixture `temporary_kinds`."""
    jobs.handler(name, **options)(function)
    return name
