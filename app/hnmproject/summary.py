"""What staff find in their mail each morning: what yesterday brought, and what waits to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone

from core.models import ContactMessage
from core.services import mails
from core.site_address import absolute
from ecommerce.admin.product import low_in_stock
from ecommerce.models import Order, Product, Refund
from tasks.models import Job
from tasks.services import jobs
from users.models import CustomUser

SEND = "hnmproject.daily_summary"


@dataclass(frozen=True)
class Day:
    """What happened on a day, in UTC."""

    orders: int
    sales: Decimal
    refunds: int
    refunded: Decimal
    sign_ups: int
    messages: int
    failed_jobs: int


@dataclass(frozen=True)
class ToDo:
    """What waits for somebody now."""

    to_ship: int
    to_look_at: int
    to_answer: int
    low_in_stock: int

    @property
    def is_empty(self) -> bool:
        return not any((self.to_ship, self.to_look_at, self.to_answer, self.low_in_stock))


def ask() -> None:
    """Ask for yesterday's mail. A day has one, however often it is asked for."""
    yesterday = timezone.now().astimezone(UTC).date() - timedelta(days=1)
    jobs.enqueue(SEND, key=yesterday.isoformat(), day=yesterday.isoformat())


def send(*, day: date) -> bool:
    """Mail the summary, unless DAILY_SUMMARY is off; whether it was."""
    if not settings.DAILY_SUMMARY:
        return False
    context = {
        "date": day,
        "day": of(day=day),
        "todo": to_do(),
        "currency": settings.CURRENCY,
        "url": absolute(reverse("admin:index")),
    }
    mails.send(template="mail/daily_summary", to=settings.SUPPORT_EMAIL, context=context, language="")
    return True


def of(*, day: date) -> Day:
    start = datetime.combine(day, time.min, tzinfo=UTC)
    within = (start, start + timedelta(days=1) - timedelta.resolution)
    sold = Order.objects.filter(paid_at__range=within).aggregate(number=Count("pk"), sum=Sum("total"))
    back = Refund.objects.filter(status=Refund.Status.SUCCEEDED, modified__range=within)
    given = back.aggregate(number=Count("pk"), sum=Sum("amount"))
    return Day(
        orders=sold["number"],
        sales=sold["sum"] or Decimal(0),
        refunds=given["number"],
        refunded=given["sum"] or Decimal(0),
        sign_ups=CustomUser.objects.filter(date_joined__range=within).count(),
        messages=ContactMessage.objects.filter(created__range=within).count(),
        failed_jobs=Job.objects.filter(state=Job.State.FAILED, finished__range=within).count(),
    )


def to_do() -> ToDo:
    orders = Order.objects.aggregate(
        to_ship=Count("pk", filter=Q(state=Order.State.PAID)), to_look_at=Count("pk", filter=~Q(attention=""))
    )
    return ToDo(
        **orders,
        to_answer=ContactMessage.objects.filter(handled_at__isnull=True).count(),
        low_in_stock=low_in_stock(Product.objects.published()).count(),
    )
