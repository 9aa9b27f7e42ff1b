"""The figures on the admin's start page: each a number, and the list it was counted from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import BlogPost, ContactMessage, NewsletterSubscription
from ecommerce.admin.product import low_in_stock
from ecommerce.models import Order, Product
from tasks import queues, selectors
from tasks.models import Process
from tasks.services import presence
from users.models import CustomUser

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Figure:
    label: str
    number: int
    url: str
    is_a_task: bool = False  # somebody should do something about it
    note: str = ""
    is_alarming: bool = False

    @property
    def needs_attention(self) -> bool:
        return self.is_alarming or (self.is_a_task and self.number > 0)


def figures(user: Any) -> list[Figure]:
    """Those that the user may see the lists of. One query each, four for the background work."""
    return [figure for permission, count in _COUNTS.items() if user.has_perm(permission) for figure in count()]


def _messages() -> Iterator[Figure]:
    number = ContactMessage.objects.filter(handled_at__isnull=True).count()
    yield Figure(_("Messages to answer"), number, _list("core_contactmessage", handled="no"), is_a_task=True)


def _sold_out() -> Iterator[Figure]:
    products = Product.objects.published()
    sold_out, low = products.filter(in_stock=False).count(), low_in_stock(products).count()
    address = "ecommerce_product"
    yield Figure(
        _("Products sold out"), sold_out, _list(address, publication="published", stock="none"), is_a_task=True
    )
    yield Figure(_("Products low in stock"), low, _list(address, publication="published", stock="low"), is_a_task=True)


def _orders() -> Iterator[Figure]:
    to_ship = Order.objects.filter(state=Order.State.PAID).count()
    to_look_at = Order.objects.exclude(attention="").count()
    address = "ecommerce_order"
    yield Figure(_("Orders to ship"), to_ship, _list(address, state__exact=Order.State.PAID), is_a_task=True)
    yield Figure(_("Orders needing attention"), to_look_at, _list(address, attention="yes"), is_a_task=True)


def _posts() -> Iterator[Figure]:
    number = BlogPost.objects.scheduled().count()
    yield Figure(_("Posts scheduled"), number, _list("core_blogpost", publication="scheduled"))


def _sign_ups() -> Iterator[Figure]:
    number = CustomUser.objects.filter(date_joined__gte=_midnight()).count()
    yield Figure(_("Sign-ups today"), number, _list("users_customuser", date_joined__gte=_midnight()))


def _newsletter() -> Iterator[Figure]:
    confirmed = NewsletterSubscription.State.CONFIRMED
    number = NewsletterSubscription.objects.filter(state=confirmed).count()
    yield Figure(_("Newsletter readers"), number, _list("core_newslettersubscription", state__exact=confirmed))


def _background_work() -> Iterator[Figure]:
    living = selectors.process_figures()
    yield from _jobs(selectors.queue_figures(living.workers))
    yield from _processes(living)


def _jobs(waiting: list[selectors.QueueFigures]) -> Iterator[Figure]:
    jobs = selectors.job_figures()
    waited = jobs.oldest_waiting or timedelta(0)
    minutes = waited // timedelta(minutes=1)
    text = ngettext("The oldest has waited for %d minute.", "The oldest has waited for %d minutes.", minutes)
    note = text % minutes if waited >= A_MINUTE else ""
    failed = _list("tasks_job", state__exact="failed", finished__gte=_midnight())
    due = _list("tasks_job", state__exact="queued", run_after__lte=timezone.now())
    yield Figure(_("Jobs failed today"), jobs.failed_today, failed, is_a_task=True)
    yield Figure(_("Jobs waiting"), jobs.due, due, note=note, is_alarming=any(queue.is_late for queue in waiting))
    yield Figure(_("Jobs unfinished"), jobs.unfinished, _list("tasks_job", state__in="queued,running"))


def _processes(living: selectors.ProcessFigures) -> Iterator[Figure]:
    alone = [name for name in queues.NAMES if not any(name in worker.served for worker in living.workers)]
    note = _("Nobody serves: %s") % ", ".join(alone) if alone else ""
    alive = timezone.now() - presence.SEEN
    workers = _list("tasks_process", role__exact=Process.Role.WORKER, seen__gte=alive)
    beats = _list("tasks_process", role__exact=Process.Role.BEAT, seen__gte=alive)
    number = len(living.workers)
    yield Figure(_("Workers at work"), number, workers, note=note, is_alarming=bool(alone))
    yield Figure(_("Beats ticking"), living.beats, beats, note=_tick(living), is_alarming=not living.beats)


def _tick(living: selectors.ProcessFigures) -> str:
    if living.beat_silence is None:
        return _("No tick for a day.")
    seconds = int(living.beat_silence.total_seconds())
    if seconds < A_MINUTE.total_seconds():
        return ngettext("Last tick %d second ago.", "Last tick %d seconds ago.", seconds) % seconds
    return ngettext("Last tick %d minute ago.", "Last tick %d minutes ago.", seconds // 60) % (seconds // 60)


_COUNTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "ecommerce.view_order": _orders,
    "core.view_contactmessage": _messages,
    "ecommerce.view_product": _sold_out,
    "tasks.view_job": _background_work,
    "core.view_blogpost": _posts,
    "users.view_customuser": _sign_ups,
    "core.view_newslettersubscription": _newsletter,
}


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _list(model: str, **filters: Any) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(filters)}"
