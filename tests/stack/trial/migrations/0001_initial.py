from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations: ClassVar = [
        migrations.CreateModel(
            "Effect",
            [("id", models.BigAutoField(primary_key=True)), ("number", models.PositiveIntegerField(unique=True))],
        ),
        migrations.CreateModel(
            "Tally",
            [
                ("kind", models.CharField(max_length=20, primary_key=True)),
                ("done", models.PositiveIntegerField(default=0)),
            ],
            options={"ordering": ["kind"]},
        ),
        migrations.CreateModel(
            "Beginning",
            [("id", models.BigAutoField(primary_key=True)), ("number", models.PositiveIntegerField())],
        ),
    ]
