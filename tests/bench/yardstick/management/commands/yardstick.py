"""``manage.py yardstick --number 1000 --rounds 5``: how fast the workers do nothing, as plain tasks and as jobs.

Prints JSON: for each round and each of the two, how many a second were done (all are there before the first begins,
for the worker is told to wait meanwhile), and how many a second could be asked for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from yardstick.tasks import nothing

from tasks.models import Job
from tasks.services import jobs

QUEUE = "default"


class Command(BaseCommand):
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--number", type=int, default=1000)
        parser.add_argument("--rounds", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["number"]
        rounds: dict[str, list[dict[str, float]]] = {"task": [], "job": []}
        for _round in range(options["rounds"]):
            rounds["task"].append(_measured(number, _ask_for_tasks, _no_messages))
            rounds["job"].append(_measured(number, _ask_for_jobs, _no_jobs))
            Job.objects.filter(kind="yardstick.nothing").delete()
        self.stdout.write(json.dumps(rounds))


def _measured(number: int, ask: Callable[[int], None], is_over: Callable[[], bool]) -> dict[str, float]:
    control = current_app.control
    control.cancel_consumer(QUEUE)
    time.sleep(1)  # the workers hear of it
    started = time.perf_counter()
    ask(number)
    asked = time.perf_counter()
    control.add_consumer(QUEUE)
    while not is_over():
        time.sleep(0.02)
    return {"asked": number / (asked - started), "done": number / (time.perf_counter() - asked)}


def _ask_for_tasks(number: int) -> None:
    for _number in range(number):
        nothing.apply_async(queue=QUEUE)


def _ask_for_jobs(number: int) -> None:
    with transaction.atomic():
        for _number in range(number):
            jobs.enqueue("yardstick.nothing")


def _no_messages() -> bool:
    """None waits, and none is held by a worker that has not finished it."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return not broker.llen(QUEUE) and not broker.hlen("unacked")


def _no_jobs() -> bool:
    return not Job.objects.filter(kind="yardstick.nothing", state__in=Job.UNFINISHED).exists()
