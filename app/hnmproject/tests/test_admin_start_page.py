from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.tests.factories import BlogPostFactory, ContactMessageFactory, NewsletterSubscriptionFactory
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.orders import an_order
from tasks import queues
from tasks.models import Job, Process
from tasks.services import presence
from users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def _figures(client, user) -> dict[str, int]:
    client.force_login(user)
    return {figure.label: figure.number for figure in client.get("/admin/").context["figures"]}


def _at_work() -> None:
    presence.note(name="worker@a", role="worker", queues=queues.NAMES)
    presence.note(name="beat@a", role="beat")


def _fill(user) -> None:
    ContactMessageFactory.create()
    ContactMessageFactory.create(handled_at=timezone.now())
    BlogPostFactory.create(author=user, activate_date=timezone.now() + timedelta(days=1))
    ProductFactory.create(stock=0)
    ProductFactory.create(stock=0, draft=True)
    ProductFactory.create_batch(2, stock=1)
    ProductFactory.create(stock=50)
    NewsletterSubscriptionFactory.create(state="confirmed")
    NewsletterSubscriptionFactory.create()
    Job.objects.create(kind="a", queue="default")
    Job.objects.create(kind="a", queue="default", run_after=timezone.now() + timedelta(hours=1))
    _at_work()
    long_ago = timezone.now() - timedelta(hours=2)
    Process.objects.create(name="worker@killed", role="worker", queues="io", started=long_ago, seen=long_ago)
    Job.objects.create(kind="a", queue="default", state=Job.State.FAILED, finished=timezone.now())
    Job.objects.create(kind="a", queue="default", state=Job.State.DONE, finished=timezone.now())
    product = ProductFactory(stock=50)
    an_order(product.variants.get(), state="paid")
    an_order(product.variants.get(), state="paid", attention="Looks odd.")
    UserFactory.create(date_joined=datetime(2025, 1, 1, tzinfo=UTC))


def test_counts_the_day(client, root) -> None:
    _fill(root)
    assert _figures(client, root) == {
        "Orders to ship": 2,
        "Orders needing attention": 1,
        "Messages to answer": 1,
        "Products sold out": 1,
        "Products low in stock": 2,
        "Jobs failed today": 1,
        "Jobs waiting": 1,
        "Jobs unfinished": 2,
        "Workers at work": 1,
        "Beats ticking": 1,
        "Posts scheduled": 1,
        "Sign-ups today": 1,
        "Newsletter readers": 1,
    }


def test_each_figure_leads_to_the_list_it_was_counted_from(client, root) -> None:
    _fill(root)
    client.force_login(root)
    for figure in client.get("/admin/").context["figures"]:
        assert client.get(figure.url).context["cl"].result_count == figure.number, figure.label


@pytest.mark.parametrize(
    ("person", "labels"),
    [
        ("erin", {"Posts scheduled", "Newsletter readers"}),
        (
            "bob",
            {
                "Orders to ship",
                "Orders needing attention",
                "Products sold out",
                "Products low in stock",
                "Jobs failed today",
                "Jobs waiting",
                "Jobs unfinished",
                "Workers at work",
                "Beats ticking",
            },
        ),
        (
            "dave",
            {
                "Orders to ship",
                "Orders needing attention",
                "Messages to answer",
                "Products sold out",
                "Products low in stock",
                "Jobs failed today",
                "Jobs waiting",
                "Jobs unfinished",
                "Workers at work",
                "Beats ticking",
                "Sign-ups today",
                "Newsletter readers",
            },
        ),
    ],
)
def test_shows_each_person_what_is_theirs(client, request, person, labels) -> None:
    assert set(_figures(client, request.getfixturevalue(person))) == labels


def test_staff_without_a_role_see_no_figures(client, alice) -> None:
    alice.is_staff = True
    alice.save()
    assert _figures(client, alice) == {}
    assert "You don’t have permission to view or edit anything." in client.get("/admin/").content.decode()


def test_empty_shop_shows_quiet_noughts(client, root) -> None:
    _at_work()
    figures = _figures(client, root)
    assert {label for label, number in figures.items() if number} == {
        "Sign-ups today",
        "Workers at work",
        "Beats ticking",
    }
    assert "figure--attention" not in client.get("/admin/").content.decode()


def test_costs_the_same_queries_however_much_there_is(client, root) -> None:
    client.force_login(root)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as empty:
        client.get("/admin/")
    _fill(root)
    with CaptureQueriesContext(connection) as full:
        client.get("/admin/")
    assert len(full) == len(empty)
    assert len(full) <= 18


def test_small_apps_stand_with_those_they_belong_to(client, root) -> None:
    client.force_login(root)
    apps = client.get("/admin/").context["app_list"]
    assert [app["app_label"] for app in apps] == ["ecommerce", "core", "users", "tasks"]
    people = next(app for app in apps if app["app_label"] == "users")
    assert {model["object_name"] for model in people["models"]} == {"CustomUser", "Group", "EmailAddress", "LogEntry"}


def test_page_of_an_app_still_opens(client, root) -> None:
    client.force_login(root)
    for label in ("auth", "account", "admin", "django_celery_beat", "core", "users"):
        assert client.get(f"/admin/{label}/").status_code == 200


def test_says_who_is_missing(client, root) -> None:
    presence.note(name="worker@a", role="worker", queues=["default", "bulk"])
    client.force_login(root)
    shown = {figure.label: figure for figure in client.get("/admin/").context["figures"]}
    assert (shown["Workers at work"].number, shown["Workers at work"].note) == (1, "Nobody serves: io")
    assert shown["Beats ticking"].note == "No tick for a day."
    assert shown["Workers at work"].needs_attention
    assert shown["Beats ticking"].needs_attention


def test_says_when_beat_last_ticked(client, root) -> None:
    _at_work()
    client.force_login(root)
    Process.objects.filter(role="beat").update(seen=timezone.now() - timedelta(minutes=7))
    [beat] = [figure for figure in client.get("/admin/").context["figures"] if figure.label == "Beats ticking"]
    assert (beat.number, beat.note, beat.needs_attention) == (0, "Last tick 7 minutes ago.", True)


def test_says_how_long_the_oldest_job_has_waited(client, root) -> None:
    Job.objects.create(kind="a", queue="default", run_after=timezone.now() - timedelta(minutes=9))
    client.force_login(root)
    [waiting] = [figure for figure in client.get("/admin/").context["figures"] if figure.label == "Jobs waiting"]
    assert (waiting.note, waiting.needs_attention) == ("The oldest has waited for 9 minutes.", True)


def test_has_more_patience_with_bulk(client, root) -> None:
    Job.objects.create(kind="a", queue="bulk", run_after=timezone.now() - timedelta(minutes=9))
    client.force_login(root)
    [waiting] = [figure for figure in client.get("/admin/").context["figures"] if figure.label == "Jobs waiting"]
    assert (waiting.note, waiting.needs_attention) == ("The oldest has waited for 9 minutes.", False)
