"""What one run of the command was told, and what it has done so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django_extensions.db.models import ActivatorModel

from . import pictures
from .progress import Progress, Say

PUBLISHING_HOUR = 9


@dataclass
class Run:
    say: Say
    refresh: bool = False
    pixels: int = pictures.PIXELS
    now: datetime = field(default_factory=timezone.now)
    made: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    drawing: Progress | None = None

    def date(self, days: int | None) -> datetime | None:
        """The morning that many days ago, or ahead where it is below zero. A draft has none."""
        if days is None:
            return None
        return self.now.replace(hour=PUBLISHING_HOUR, minute=0, second=0, microsecond=0) - timedelta(days=days)

    def publication(self, days: int | None) -> dict[str, Any]:
        """The fields of what is published that many days ago (or ahead), or is a draft."""
        status = ActivatorModel.INACTIVE_STATUS if days is None else ActivatorModel.ACTIVE_STATUS
        return {"status": status, "activate_date": self.date(days), "deactivate_date": None}

    def store(self, name: str, path: str) -> pictures.Stored:
        stored = pictures.store(name, path, pixels=self.pixels)
        self.made["pictures"] += 1
        if self.drawing:
            self.drawing.step()
        return stored

    def count(self, what: str, *, created: bool) -> None:
        (self.made if created else self.restored)[what] += 1


def assign(row: models.Model, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
