from __future__ import annotations

import pytest
from django.db import transaction

from core.services import caching


def test_makes_a_value_once():
    made = []
    for _ in range(3):
        assert caching.get_or_make("key", lambda: made.append(1) or None, seconds=60) is None
    assert len(made) == 1


@pytest.mark.django_db(transaction=True)
def test_forgets_at_the_commit_and_not_before():
    assert caching.get_or_make("key", lambda: "old", seconds=60) == "old"
    with transaction.atomic():
        caching.forget_on_commit("key")
        assert caching.get_or_make("key", lambda: "new", seconds=60) == "old"
    assert caching.get_or_make("key", lambda: "new", seconds=60) == "new"


def test_works_without_the_cache(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert caching.get_or_make("key", lambda: "made", seconds=60) == "made"
