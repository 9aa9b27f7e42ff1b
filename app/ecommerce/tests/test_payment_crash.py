"""Killed before any one statement of paying: the webhook, settling, the invoice, the mail. Nothing is lost or twice.

The kill is an exception that nothing catches, so the database undoes what was not committed, as it does when a process
dies. tests/stack kills real processes; here every step has its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ecommerce.models import Invoice, Order, Variant
from ecommerce.services import payments
from ecommerce.tests.orders import an_order, variants
from ecommerce.tests.test_payments import WEBHOOK, running, session_of, stripe
from tasks.models import Job
from tasks.services import jobs

__all__ = ["running", "stripe"]  # fixtures

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Not an Exception: no handler of the code may take it for an error and go on."""


@contextmanager
def killed_before(statement: int) -> Iterator[None]:
    left = count(1)

    def execute(run: Callable[..., Any], *arguments: Any) -> Any:
        if next(left) == statement:
            raise Killed
        return run(*arguments)

    with connection.execute_wrapper(execute):
        yield


def is_killed(statement: int, work: Callable[[], Any]) -> bool:
    """Whether the work had such a statement, and was killed before it."""
    try:
        with killed_before(statement):
            work()
    except Killed:
        return True
    return False


def leases_end() -> None:
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def new_order(stripe, settings):
    [sold] = variants(stock=1000)

    def make() -> Order:
        for mail in settings.MAIL_OUTBOX.glob("*.eml"):
            mail.unlink()  # those of the order before: reading all of them again each time takes longest
        order = an_order(sold)
        payments.prepare(order=order)
        payments.start(order=order)
        stripe.pay(session_of(order).session_id)
        return order

    return make


def notify(client, stripe, order: Order) -> Callable[[], None]:
    """Stripe's webhook about the order's payment."""
    session = session_of(order).session_id
    [event] = [
        event
        for event in stripe.events()
        if event["type"] == "checkout.session.completed" and event["data"]["object"]["id"] == session
    ]
    payload, signature = stripe.signed(event)

    def post() -> None:
        headers = {"Stripe-Signature": signature}
        assert client.post(WEBHOOK, payload, content_type="application/json", headers=headers).status_code == 200

    return post


def assert_bought_once(order: Order, outbox) -> None:
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert order.invoices.count() == 1
    assert order.stripe_sessions.filter(status="paid").count() == 1
    mails = [mail for mail in outbox() if mail["Subject"] and order.number in mail["Subject"]]
    # Killed between the mail server's yes and the note of it, the same mail leaves again: its number tells them apart.
    assert len({mail["Message-ID"] for mail in mails}) == 1
    [paper] = list(mails[0].iter_attachments())
    assert paper.get_content().startswith(b"%PDF")


def test_a_webhook_killed_at_any_step_is_sent_again_and_acts_once(client, stripe, new_order, outbox):
    for statement in count(1):
        order = new_order()
        post = notify(client, stripe, order)
        killed = is_killed(statement, post)
        post()  # Stripe has had no answer, or was not heard: it comes again
        jobs.run_due()
        assert_bought_once(order, outbox)
        if not killed:
            break
    assert statement > 3, "the event and its job are written"


def test_a_worker_killed_at_any_step_of_paying_is_taken_over_and_acts_once(client, stripe, new_order, outbox):
    stock = Variant.objects.get().stock
    for statement in count(1):
        order = new_order()
        notify(client, stripe, order)()
        killed = is_killed(statement, jobs.run_due)
        leases_end()
        jobs.run_due()
        assert_bought_once(order, outbox)
        if not killed:
            break
    assert statement > 50, "settling, the invoice and the mail take many statements"
    assert not Job.objects.exclude(state=Job.State.DONE).exists()
    numbers = Invoice.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, statement + 1))
    assert Variant.objects.get().stock == stock - statement
