from __future__ import annotations

import pytest
import time_machine

from core.client_address import client_address, client_network
from core.services import rate_limits
from core.services.rate_limits import RateLimit, TooManyRequests

LIMIT = RateLimit(name="test", times=2, seconds=60)


@time_machine.travel("2026-01-01T00:00:15Z", tick=False)
def test_counts_to_its_limit_and_says_when_it_ends():
    rate_limits.count(LIMIT, "a")
    rate_limits.count(LIMIT, "a")
    with pytest.raises(TooManyRequests) as error:
        rate_limits.count(LIMIT, "a")
    assert error.value.retry_after == 45


def test_begins_anew_in_the_next_window():
    with time_machine.travel("2026-01-01T00:00:15Z", tick=False):
        for _ in range(2):
            rate_limits.count(LIMIT, "a")
    with time_machine.travel("2026-01-01T00:01:00Z", tick=False):
        rate_limits.count(LIMIT, "a")


def test_counts_each_identity_and_each_limit_apart():
    for _ in range(2):
        rate_limits.count(LIMIT, "a")
    rate_limits.count(LIMIT, "b")
    rate_limits.count(RateLimit(name="other", times=2, seconds=60), "a")
    with pytest.raises(TooManyRequests):
        rate_limits.count(LIMIT, "c", "A")


def test_nobody_is_counted_by_an_unknown_address():
    for _ in range(5):
        rate_limits.count(LIMIT, "")


def test_lets_everybody_pass_without_the_cache(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    for _ in range(5):
        rate_limits.count(LIMIT, "a")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "192.0.2.1"),
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.9.9.9, 198.51.100.7", "198.51.100.7"),
        (2, "10.9.9.9, 198.51.100.7, 203.0.113.5", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "nonsense", ""),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "2001:DB8:0:0::1", "2001:db8::1"),
    ],
)
def test_believes_only_our_own_proxies(rf, settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(rf.get("/", headers=headers, REMOTE_ADDR="192.0.2.1")) == expected


def test_one_household_is_one_caller(rf):
    assert client_network(rf.get("/", REMOTE_ADDR="2001:db8:1:2:3::4")) == "2001:db8:1:2::/64"
    assert client_network(rf.get("/", REMOTE_ADDR="192.0.2.1")) == "192.0.2.1"
    assert client_network(rf.get("/", REMOTE_ADDR="")) == ""
