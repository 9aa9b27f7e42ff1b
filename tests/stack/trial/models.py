"""What the jobs of the fault tests leave behind. This app is copied into the stack under test, and is in no other."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Effect(models.Model):  # noqa: DJ008  # rows that nobody looks at
    """One row for each thing done. A second one of the same cannot be."""

    number = models.PositiveIntegerField(unique=True)

    class Meta:
        app_label = "trial"


class Tally(models.Model):  # noqa: DJ008  # rows that nobody looks at
    """A sum that is written with each effect, in its transaction: what happened twice would be counted twice."""

    kind = models.CharField(max_length=20, primary_key=True)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "trial"
        ordering: ClassVar = ["kind"]


class Beginning(models.Model):  # noqa: DJ008  # rows that nobody looks at
    """Each time that a job was begun, also in vain."""

    number = models.PositiveIntegerField()

    class Meta:
        app_label = "trial"
