"""``manage.py trial N``: forget the trial before, and ask for so many jobs of mixed kinds."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from trial.models import Beginning, Effect, Tally

from tasks.models import Job
from tasks.services import jobs

MIXTURE = ("quick", "waiting", "quick", "waiting", "long", "quick", "waiting", "quick", "waiting", "failing")


class Command(BaseCommand):
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        for model in (Effect, Beginning, Tally):
            model.objects.all().delete()
        Job.objects.filter(kind__startswith="trial.").delete()
        Tally.objects.bulk_create(Tally(kind=kind) for kind in sorted(set(MIXTURE)))
        with transaction.atomic():  # all are there before the first begins
            for number, kind in zip(range(options["number"]), cycle(MIXTURE), strict=False):
                jobs.enqueue(f"trial.{kind}", number=number)
