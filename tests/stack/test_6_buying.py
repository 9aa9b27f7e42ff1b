"""Buying while things go wrong: events early, late, never and ten times; processes killed; Redis and MySQL away."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from tests.environment import wait_until
from tests.stack.buyer import Books, Buyer
from tests.stack.stack import Stack

_numbers = count(1)


@pytest.fixture(scope="module")
def served(stack: Stack) -> Stack:
    stack.serve_the_image()
    stack.extra |= {"JOB_LEASE_SECONDS": "15", "JOB_SWEEP_SECONDS": "5"}
    stack.make("up")
    # All buyers want the same; here nobody is to find it sold out.
    stack.query("UPDATE ecommerce_variant SET stock = 500 WHERE stock > 0")
    return stack


@pytest.fixture
def books(served: Stack) -> Books:
    return Books(served)


@pytest.fixture
def buyer(served: Stack) -> Buyer:
    return a_buyer(served)


def a_buyer(stack: Stack) -> Buyer:
    return Buyer(stack, f"buyer-{next(_numbers)}@example.com")


@pytest.fixture
def stripe(served: Stack) -> Iterator[Callable[..., None]]:
    """Set a switch of the simulator; all are off again after the test."""

    def control(path: str, **given: object) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{served.stripe_port}/_simulator/{path}",
            data=json.dumps(given).encode(), headers={"Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200

    yield control
    control("faults", lose_events=0, repeat_events=0, reorder_events=0, errors=0, latency=0)
    control("webhook", url="http://web:8000/stripe/webhook/")


def test_the_event_comes_before_the_buyer_is_back(buyer: Buyer, books: Books):
    back = buyer.buy()
    books.assert_bought_once(buyer)
    assert "Thank you" in buyer.get(back).text


def test_the_buyer_is_back_before_the_event(buyer: Buyer, books: Books, stripe):
    stripe("webhook", url="")
    buyer.get(buyer.buy())  # the page has Stripe asked
    books.assert_bought_once(buyer)


def test_the_event_never_comes_and_the_buyer_neither(served: Stack, buyer: Buyer, books: Books, stripe):
    stripe("faults", lose_events=-1)
    buyer.buy()
    # What beat does every hour, now: as if it had not done so in this hour.
    served.query("DELETE FROM tasks_job WHERE kind = 'ecommerce.reconcile'")
    served.execute("web", "celery", "-A", "hnmproject.celery_app", "call", "ecommerce.reconcile_payments")
    books.assert_bought_once(buyer)


def test_every_event_comes_ten_times(buyer: Buyer, books: Books, stripe):
    stripe("faults", repeat_events=-1, repeats=10)
    buyer.buy()
    books.assert_bought_once(buyer)


def test_workers_are_killed_while_ten_buyers_pay(served: Stack, books: Books):
    buyers = [a_buyer(served) for _number in range(10)]
    with ThreadPoolExecutor(max_workers=3) as pool:
        paying = [pool.submit(buyer.buy) for buyer in buyers]
        for _time in range(2):
            for service in ("worker-io", "worker"):
                wait_until(lambda: any(done.done() for done in paying), seconds=60, what="the first has paid")
                served.kill(service)
                served.wait_for_health(service)
        for done in paying:
            done.result()
    for buyer in buyers:
        books.assert_bought_once(buyer)


def test_both_redis_are_emptied_between_the_cart_and_the_payment(served: Stack, buyer: Buyer, books: Books):
    buyer.fill_cart()
    form = buyer.filled_form()
    for service in ("redis", "cache"):
        served.execute(service, "redis-cli", "FLUSHALL")
    buyer.order(form)
    buyer.pay()
    served.execute("redis", "redis-cli", "FLUSHALL")
    books.assert_bought_once(buyer)


def test_mysql_is_restarted_during_the_checkout(served: Stack, buyer: Buyer, books: Books):
    buyer.fill_cart()
    form = buyer.filled_form()
    with ThreadPoolExecutor(max_workers=2) as pool:
        restarted = pool.submit(served.compose, "restart", "db")
        wait_until(lambda: served.get("/health/ready").status != 200, seconds=60, what="the database is away")
        refused = buyer.order(form)
        assert refused.status_code in {502, 503}
        assert "We will be right back" in refused.text
        restarted.result()
    wait_until(lambda: served.get("/health/ready").status == 200, seconds=120, what="the shop is back by itself")
    buyer.order(form)  # the same page, sent again
    buyer.order(form)  # and once more
    buyer.pay()
    books.assert_bought_once(buyer)


def test_stripe_is_away_during_the_checkout(served: Stack, buyer: Buyer, books: Books):
    buyer.fill_cart()
    form = buyer.filled_form()
    served.compose("stop", "stripe")
    answer = buyer.order(form)
    assert answer.status_code == 303
    waiting = buyer.get(answer.headers["Location"])
    assert "The payment page cannot be reached at the moment. Your order is kept: please try again." in waiting.text
    served.compose("start", "stripe")
    served.wait_for_health("stripe")
    buyer.order(form)
    buyer.pay()
    books.assert_bought_once(buyer)
