"""The mail that staff get each morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.utils import timezone

from core.tests.factories import ContactMessageFactory
from ecommerce.models import Order
from ecommerce.tests.orders import a_paid_order, an_order
from hnmproject import summary
from hnmproject.tasks import daily_summary
from tasks.models import Job

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
YESTERDAY = date(2026, 11, 19)


@pytest.fixture
def orders():
    """One of yesterday's last second, one of today's first; one that nobody has paid."""
    yesterday, today = a_paid_order(), a_paid_order()
    an_order()
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    Order.objects.filter(pk=yesterday.pk).update(paid_at=midnight - timedelta(microseconds=1))
    Order.objects.filter(pk=today.pk).update(paid_at=midnight)
    return yesterday, today


def test_counts_one_day_to_the_microsecond(orders):
    yesterday, _today = orders
    found = summary.of(day=YESTERDAY)
    assert (found.orders, found.sales) == (1, yesterday.total)
    assert summary.of(day=date(2026, 11, 18)).orders == 0


def test_the_mail_says_what_was_and_what_waits_once_a_day(orders, outbox, settings):
    ContactMessageFactory.create()
    with time_machine.travel(TODAY, tick=False):
        daily_summary()
        daily_summary()
        [mail] = [mail for mail in outbox() if "order" in mail["Subject"] and mail["To"] == settings.SUPPORT_EMAIL]
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"].startswith("19 November 2026: 1 order, €")
    assert "Orders to ship: 2" in text
    assert "Messages to answer: 1" in text
    assert "/admin/" in mail.get_body(("html",)).get_content()


def test_can_be_turned_off(outbox, settings):
    settings.DAILY_SUMMARY = False
    daily_summary()
    assert outbox() == []
    assert Job.objects.get().result is False


def test_says_when_nothing_waits(outbox):
    summary.send(day=timezone.now().date())
    [mail] = outbox()
    assert "Nothing. All is done." in mail.get_body(("plain",)).get_content()
    assert mail["To"] == django_settings.SUPPORT_EMAIL
