"""One row of every model that the admin knows, for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils import timezone
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from core import models as core_models
from core.tests import factories as core_factories
from ecommerce import models as shop_models
from ecommerce.tests import buying
from ecommerce.tests import factories as shop_factories
from ecommerce.tests.orders import a_paid_order
from tasks.models import Job, Process
from users.models import CustomUser
from users.tests.factories import UserFactory


def _periodic_task() -> PeriodicTask:
    every, _ = IntervalSchedule.objects.get_or_create(every=7, period=IntervalSchedule.DAYS)
    return PeriodicTask.objects.create(name="Weekly", task="tasks.sweep", interval=every)


def _log_entry() -> LogEntry:
    tag = core_factories.TagFactory.create()
    user = UserFactory.create()
    return LogEntry.objects.log_actions(user.pk, [tag], ADDITION, change_message="Made.", single_object=True)


MAKERS: dict[type[Model], Callable[[], Any]] = {
    core_models.BlogPost: lambda: core_factories.BlogPostFactory.create(tags=[core_factories.TagFactory.create()]),
    core_models.ContactMessage: core_factories.ContactMessageFactory.create,
    core_models.Newsletter: lambda: core_models.Newsletter.objects.create(subject="Spring", body="<p>Hello.</p>"),
    core_models.NewsletterSubscription: core_factories.NewsletterSubscriptionFactory.create,
    core_models.Page: core_factories.PageFactory.create,
    core_models.Tag: core_factories.TagFactory.create,
    core_models.ImportedFile: lambda: core_models.ImportedFile.objects.create(
        source_key="1", file="uploads/boat.webp", width=4, height=3
    ),
    core_models.WordPressImport: lambda: core_models.WordPressImport.objects.create(file_name="wordpress.xml"),
    core_models.Testimonial: core_factories.TestimonialFactory.create,
    shop_models.Category: shop_factories.CategoryFactory.create,
    shop_models.Product: lambda: shop_factories.ProductImageFactory.create().product,
    shop_models.ProductImport: lambda: shop_models.ProductImport.objects.create(file_name="products.csv"),
    shop_models.ShippingMethod: buying.ShippingMethodFactory.create,
    shop_models.TaxRate: shop_factories.TaxRateFactory.create,
    shop_models.Coupon: buying.CouponFactory.create,
    shop_models.Invoice: lambda: a_paid_order().invoices.get(),
    shop_models.Order: a_paid_order,
    shop_models.Refund: lambda: shop_models.Refund.objects.create(order=a_paid_order(), amount="4.90"),
    shop_models.StripeEvent: lambda: shop_models.StripeEvent.objects.create(
        event_id="evt_1", type="charge.refunded", payload={}, created=timezone.now()
    ),
    shop_models.StripeSession: lambda: shop_models.StripeSession.objects.create(
        order=a_paid_order(), session_id="cs_1", amount="52.90", currency="EUR", expires_at=timezone.now()
    ),
    CustomUser: UserFactory.create,
    EmailAddress: lambda: EmailAddress.objects.get(user=UserFactory.create()),
    LogEntry: _log_entry,
    Group: lambda: Group.objects.create(name="Apprentices"),
    Job: lambda: Job.objects.create(kind="core.nothing", queue="default"),
    Process: lambda: Process.objects.create(
        name="worker@a", role="worker", started=timezone.now(), seen=timezone.now()
    ),
    PeriodicTask: _periodic_task,
    IntervalSchedule: lambda: IntervalSchedule.objects.create(every=7, period=IntervalSchedule.DAYS),
    CrontabSchedule: CrontabSchedule.objects.create,
    ClockedSchedule: lambda: ClockedSchedule.objects.create(clocked_time=timezone.now()),
    SolarSchedule: lambda: SolarSchedule.objects.create(event="dawn_civil", latitude=1, longitude=1),
}


def make(model: type[Model]) -> Any:
    return MAKERS[model]()
