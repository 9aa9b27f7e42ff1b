"""Mirror the schedules of tasks/schedules.py into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tasks import schedules
from tasks.services import schedule_mirror


class Command(BaseCommand):
    help = "Mirror the schedules of tasks/schedules.py into the database. Entries edited in the admin are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        report = schedule_mirror.mirror(schedules.SCHEDULES)
        for outcome, names in vars(report).items():
            for name in names:
                self._say(outcome, name)

    def _say(self, outcome: str, name: str) -> None:
        line = f"{outcome.replace('_', ' ')}: {name}"
        if outcome == "left_alone":
            self.stdout.write(self.style.WARNING(f"{line} (edited in the admin; delete it there to have it made anew)"))
        else:
            self.stdout.write(line)
