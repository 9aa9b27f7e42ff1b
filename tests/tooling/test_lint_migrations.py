"""Migrations that the release before could not live with are found by what they do, where SQLite hides it too."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from hnmproject.compatibility import _problems_of


def _said_of(*operations) -> list[str]:
    migration = migrations.Migration("next", "users")
    migration.operations = list(operations)
    state = MigrationLoader(connection).project_state(("users", "0001_initial"))
    return list(_problems_of(migration, state))


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (migrations.RemoveField("customuser", "first_name"), "still uses it"),
        (migrations.AddField("customuser", "code", models.IntegerField()), "inserts rows without it"),
        (migrations.AddField("customuser", "code", models.IntegerField(unique=True, db_default=0)), "that are alike"),
        (migrations.AlterField("customuser", "first_name", models.CharField(max_length=150, unique=True)), "alike"),
        (
            migrations.AddConstraint("customuser", models.UniqueConstraint(fields=["last_name"], name="one_name")),
            "that are alike",
        ),
        (migrations.AlterUniqueTogether("customuser", {("first_name", "last_name")}), "that are alike"),
    ],
)
@pytest.mark.django_db
def test_says_what_the_release_before_could_not_live_with(operation, said) -> None:
    [problem] = _said_of(operation)
    assert said in problem


@pytest.mark.parametrize(
    "field",
    [models.CharField(max_length=9, blank=True, db_default=""), models.IntegerField(null=True, unique=True)],
)
@pytest.mark.django_db
def test_lets_pass_what_old_code_does_not_notice(field) -> None:
    assert not _said_of(migrations.AddField("customuser", "code", field))
