"""Without its Redis the cache forgets everything, and nothing else goes wrong."""

from __future__ import annotations

import pytest
from django.core.cache import cache, caches
from django.urls import reverse

from hnmproject.cache import ForgivingRedisCache


@pytest.fixture
def away(settings, monkeypatch):
    """The default cache with nobody at its address."""
    cache = ForgivingRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 1}})
    monkeypatch.setattr(caches._connections, "default", cache, raising=False)
    return cache


def test_works_as_django_s_while_redis_answers():
    cache.set("kettle", 3)
    assert cache.incr("kettle") == 4
    assert cache.get_many(["kettle", "pan"]) == {"kettle": 4}
    assert not cache.add("kettle", 5)
    cache.delete("kettle")
    assert cache.get("kettle", "gone") == "gone"
    with pytest.raises(ValueError, match="not found"):
        cache.incr("kettle")


def test_forgets_while_redis_is_away(away):
    away.set("kettle", 3)
    assert away.get("kettle", "gone") == "gone"
    assert away.get_many(["kettle"]) == {}
    assert away.add("kettle", 3)
    assert away.incr("kettle") == 1
    assert away.delete("kettle") is False
    away.delete_many(["kettle"])
    away.set_many({"kettle": 3})
    assert "kettle" not in away


def test_leaves_redis_alone_for_a_while_after_a_failure(away, monkeypatch):
    away.get("kettle")
    monkeypatch.setattr(away._cache, "get_client", lambda *args, **kwargs: pytest.fail("asked again at once"))
    assert away.get("kettle") is None


@pytest.mark.django_db
def test_people_log_in_and_look_around_without_it(client, alice, away):
    assert cache.get("anything") is None
    client.post(reverse("account_login"), {"login": alice.email, "password": "pass"})
    client.force_login(alice)
    for name in ("home", "ecommerce:product_list", "users:profile"):
        assert client.get(reverse(name)).status_code == 200, name
    assert client.post(reverse("account_logout")).status_code == 302
