"""What a deployment and a rollback ask of a release before they touch the database."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from hnmproject import compatibility

pytestmark = pytest.mark.django_db


def check(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("release_check", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_says_nothing_where_all_is_applied():
    assert check() == []


def test_lists_what_is_pending():
    MigrationRecorder(connection).record_unapplied("ecommerce", "0008_pieces_back_on_sale")
    assert check() == ["pending ecommerce.0008_pieces_back_on_sale"]


def test_lists_what_a_newer_release_has_applied():
    MigrationRecorder(connection).record_applied("ecommerce", "9999_from_the_future")
    assert check() == ["unknown ecommerce.9999_from_the_future"]


def test_refuses_to_go_back_over_what_it_does_not_know():
    said = check("--back-over", "ecommerce.9999_from_the_future")
    assert said == ["unsafe ecommerce.9999_from_the_future: neither of the two releases knows this migration."]


def test_goes_back_over_what_only_adds():
    assert check("--back-over", "ecommerce.0006_low_stock_told") == []


def test_a_removal_is_unsafe_also_where_it_was_dealt_with(monkeypatch: pytest.MonkeyPatch):
    key = ("ecommerce", "0006_low_stock_told")
    monkeypatch.setattr(compatibility, "problems", lambda loader, keys: (f"{key} is a removal" for _ in keys))
    MigrationRecorder(connection).record_unapplied(*key)
    assert f"unsafe {key} is a removal" in check()
    monkeypatch.setattr(compatibility, "DEALT_WITH", {key: "unused"})
    assert not [line for line in check() if line.startswith("unsafe")]
    assert check("--back-over", ".".join(key)) == [f"unsafe {key} is a removal"]
