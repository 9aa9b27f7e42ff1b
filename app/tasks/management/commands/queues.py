"""``manage.py queues``: what waits where, and who does it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tasks import queues
from tasks.services import registry


class Command(BaseCommand):
    help = "Lists the queues: which workers serve them, in which order, and what goes into each."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in queues.NAMES:
            self.stdout.write(f"{name}: {_servers(name)}")
            for what in sorted(_kinds(name)):
                self.stdout.write(f"  {what}")


def _servers(queue: str) -> str:
    """The worker that has it first comes first."""
    serving = sorted((pool.queues.index(queue), pool) for pool in queues.POOLS if queue in pool.queues)
    return ", then ".join(_described(pool, place) for place, pool in serving)


def _described(pool: queues.Pool, place: int) -> str:
    return f"{pool.service} ({pool.kind})" + (f" after {pool.queues[0]}" if place else "")


def _kinds(queue: str) -> list[str]:
    kinds = [kind.name for kind in registry.every() if kind.queue == queue]
    scheduled = [f"{task} (scheduled)" for task, route in queues.ROUTES.items() if route["queue"] == queue]
    return kinds + scheduled
