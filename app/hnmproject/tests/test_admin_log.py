"""What staff change stands in the log: who, what, and to what. Also what our own pages and actions change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import models as core
from core.services.wordpress_import import runs as wordpress
from core.tests.factories import BlogPostFactory, ContactMessageFactory, NewsletterSubscriptionFactory, PageFactory
from ecommerce import models as shop
from ecommerce.services.product_import import runs as products
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.orders import a_paid_order
from ecommerce.tests.test_order_admin import FILLED, in_attention, in_shipped, refunds  # noqa: F401  # a fixture
from hnmproject.tests.admin_objects import make
from hnmproject.tests.test_admin_matrix import TABLE
from tasks.models import Job
from users.models import CustomUser
from users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LOG = reverse("admin:admin_logentry_changelist")
PRODUCTS_CSV = b"Handle,Title,Variant SKU,Variant Price\nlamp,Lamp,LAMP-1,10.00\n"


@dataclass(frozen=True)
class Deed:
    """``page``: a page of its own, or "action NAME" of the list. Sent by a superuser, to what ``thing`` makes."""

    page: str
    thing: Callable[[], Any]
    says: str
    data: dict[str, Any] | None = None

    @property
    def is_action(self) -> bool:
        return self.page.startswith("action ")


def _message(**fields: Any) -> Any:
    return ContactMessageFactory.create(**fields)


def _handled() -> Any:
    from django.utils import timezone

    return _message(handled_at=timezone.now())


def _reader() -> Any:
    return NewsletterSubscriptionFactory.create(state="confirmed")


def _newsletter() -> Any:
    _reader()
    return make(core.Newsletter)


def _job(state: str) -> Job:
    return Job.objects.create(kind="core.nothing", queue="default", state=state)


def _checked(model: Any, importer: Any, content: bytes) -> Any:
    from tasks.services import jobs

    record = model(file_name="upload")
    record.file.save("upload", ContentFile(content))
    importer.check(record=record, user=None)
    jobs.run_due()
    return model.objects.get(pk=record.pk)


def _started() -> Any:
    record = _checked(shop.ProductImport, products.IMPORTER, PRODUCTS_CSV)
    products.IMPORTER.begin_checked(record=record, user=UserFactory.create())
    return record


def _order(name: str) -> Callable[[], Any]:
    return {"complete": in_shipped, "look": in_attention}.get(name, a_paid_order)


def _entry() -> Any:
    return make(next(model for model in TABLE if model.__name__ == "PeriodicTask"))


SHIPPING = {"carrier": "DHL", "tracking_number": "JD01", "tracking_url": ""}
ORDER_SAYS = {
    "ship": "is marked as shipped",
    "complete": "is completed",
    "cancel": "is cancelled",
    "refund": "goes back to the buyer",
    "mail": "The mail is on its way",
    "note": "The note is in the history",
    "look": "needs no attention any more",
}
DEEDS = [
    *(
        Deed(f"action {name}", lambda factory=factory, draft=draft: factory.create(status=draft), says)
        for factory in (BlogPostFactory, PageFactory, ProductFactory)
        for name, draft, says in (("publish", 0, "Published."), ("unpublish", 1, "Unpublished."))
    ),
    *(
        Deed(f"{name}_preview", lambda factory=factory: factory.create(status=0), "A link to its preview was made")
        for name, factory in (
            ("core_blogpost", BlogPostFactory),
            ("core_page", PageFactory),
            ("ecommerce_product", ProductFactory),
        )
    ),
    Deed("action mark_handled", _message, "Handled."),
    Deed("action reopen", _handled, "Opened again."),
    Deed("action unsubscribe", _reader, "Unsubscribed."),
    Deed("core_newsletter_test", lambda: make(core.Newsletter), "A test was sent to root@example.com."),
    Deed("core_newsletter_send", _newsletter, "Sent to everybody."),
    Deed(
        "ecommerce_productimport_start",
        lambda: _checked(shop.ProductImport, products.IMPORTER, PRODUCTS_CSV),
        "Import started.",
    ),
    Deed("ecommerce_productimport_stop", _started, "Import stopped."),
    *(
        Deed(f"ecommerce_order_action {name}", _order(name), says, FILLED[name] | {"confirmed": "4.90"})
        for name, says in ORDER_SAYS.items()
    ),
    Deed("tasks_job_retry", lambda: _job("failed"), "Retried."),
    Deed("tasks_job_cancel", lambda: _job("queued"), "Cancelled."),
    Deed("action retry_selected", lambda: _job("failed"), "Retried."),
    Deed("action cancel_selected", lambda: _job("queued"), "Cancelled."),
    Deed("action enable_tasks", _entry, ""),
    Deed("action disable_tasks", _entry, "Disabled."),
    Deed("action toggle_tasks", _entry, "Disabled."),
    Deed("action run_tasks", _entry, "Sent by hand."),
    Deed(
        "auth_user_password_change",
        UserFactory.create,
        "Changed password.",
        {"usable_password": "true", "password1": "kettle-on-7-hobs", "password2": "kettle-on-7-hobs"},
    ),
]
# Tried elsewhere, or by Django; or nothing of the shop is changed, only a page asked for.
ELSEWHERE = {
    "action delete_selected",
    "action ship_selected",
    "action packing_slips",
    "ecommerce_order_ship_many",
    "core_wordpressimport_start",
    "core_wordpressimport_stop",
    "action export",
    "action export_selected",
    "ecommerce_product_export",
}


@pytest.fixture(autouse=True)
def _sends_nothing(monkeypatch):
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *args, **kwargs: None)


@pytest.fixture
def staff(client, root):
    client.force_login(root)
    return root


def _address(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def _of(thing: Any, page: str, *args: Any) -> str:
    return _address(f"{thing._meta.app_label}_{thing._meta.model_name}_{page}", *args)


def _do(client, deed: Deed, thing: Any):
    if deed.is_action:
        data = {"action": deed.page.partition(" ")[2], "_selected_action": [thing.pk]}
        return client.post(_of(thing, "changelist"), data)
    name, _, argument = deed.page.partition(" ")
    return client.post(_address(name, thing.pk, *([argument] if argument else [])), deed.data or {})


def test_everything_that_staff_can_do_is_looked_for_in_the_log() -> None:
    done = {f"action {name}" for rights in TABLE.values() for name in rights.actions}
    done |= {name for rights in TABLE.values() for name, page in rights.pages.items() if page.post is not None}
    assert done == {deed.page for deed in DEEDS} | ELSEWHERE


@pytest.mark.usefixtures("refunds")
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.page)
def test_it_stands_in_the_log_and_in_the_history(client, staff, deed) -> None:
    thing = deed.thing()
    if deed.page == "action enable_tasks":
        type(thing).objects.update(enabled=False)
    LogEntry.objects.all().delete()
    assert _do(client, deed, thing).status_code == 302
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (staff, str(thing.pk))
    assert entry.content_type.model_class() is type(thing)
    assert (deed.says or "Enabled.") in entry.get_change_message()
    assert entry.get_change_message() in client.get(_of(thing, "history", thing.pk)).content.decode().replace(
        "&#x27;", "'"
    )


def test_an_upload_stands_in_the_log(client, staff, tmp_path) -> None:
    file = tmp_path / "products.csv"
    file.write_bytes(PRODUCTS_CSV)
    with file.open("rb") as opened:
        client.post(_address("ecommerce_productimport_add"), {"file": opened})
    assert LogEntry.objects.get().is_addition()


def test_both_importers_log_alike() -> None:
    assert type(wordpress.IMPORTER) is type(products.IMPORTER)


def test_shipping_many_writes_one_line_for_each(client, staff) -> None:
    both = [a_paid_order(), a_paid_order()]
    ids = ",".join(str(order.pk) for order in both)
    data = {f"{order.pk}-{name}": value for order in both for name, value in SHIPPING.items()}
    client.post(f"{_address('ecommerce_order_ship_many')}?ids={ids}", data)
    assert {entry.object_id for entry in LogEntry.objects.all()} == {str(order.pk) for order in both}


@pytest.mark.parametrize(
    ("thing", "action", "says"),
    [
        (a_paid_order, "export", "1 order"),
        (ProductFactory.create, "export_selected", "1 product"),
        (_reader, "export", "1 newsletter subscription"),
    ],
    ids=["orders", "products", "readers"],
)
def test_what_is_taken_out_stands_in_the_log(client, staff, thing, action, says) -> None:
    response = _do(client, Deed(f"action {action}", thing, ""), thing())
    if response.streaming:
        list(response)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr, entry.get_change_message()) == (staff, says, "Exported.")
    assert says in client.get(LOG).content.decode()
    assert client.get("/admin/").status_code == 200


def test_exporting_all_products_stands_in_the_log(client, staff) -> None:
    ProductFactory.create_batch(2)
    client.post(_address("ecommerce_product_export"))
    assert LogEntry.objects.get().object_repr == "2 products"


def test_whoever_stops_the_job_of_another_stands_in_the_log(client, frank, alice) -> None:
    theirs = Job.objects.create(kind="core.nothing", queue="default", owner=alice)
    own = Job.objects.create(kind="core.nothing", queue="default", owner=frank)
    client.force_login(frank)
    for job in (theirs, own):
        client.post(reverse("jobs:cancel", args=[job.pk]))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (frank, str(theirs.pk), "Cancelled.")


def test_the_log_says_who_did_what_to_what(client, staff) -> None:
    post = BlogPostFactory.create(draft=True, title="Of kettles")
    _do(client, Deed("action publish", lambda: post, ""), post)
    page = client.get(LOG).content.decode()
    assert f'<a href="{_of(post, "change", post.pk)}">Of kettles</a>' in page
    assert "Published." in page
    assert "Root Example" in page


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"q": "kettles"}, 1),
        ({"q": "root@example.com"}, 2),
        ({"who": "nonsense"}, 2),
        ({"kind": "nonsense"}, 2),
        ({"who": "99999999"}, 0),
        ({"action_flag__exact": "2"}, 2),
    ],
)
def test_the_log_is_searched_and_filtered(client, staff, query, number) -> None:
    for title in ("Of kettles", "Of spoons"):
        post = BlogPostFactory.create(draft=True, title=title)
        _do(client, Deed("action publish", lambda: None, ""), post)
    assert client.get(LOG, query).context["cl"].result_count == number


@pytest.mark.parametrize("person", ["erin", "bob", "dave", "frank", "alice"])
def test_nobody_else_reads_the_log(client, request, person) -> None:
    from django.contrib.auth.models import Permission

    user: CustomUser = request.getfixturevalue(person)
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="admin"))
    client.force_login(user)
    assert client.get(LOG).status_code in {302, 403}


def test_nobody_changes_the_log(client, staff) -> None:
    entry = make(LogEntry)
    assert client.post(_of(entry, "change", entry.pk), {"change_message": "x"}).status_code == 403
    assert client.post(_of(entry, "delete", entry.pk), {"post": "yes"}).status_code == 403


def test_the_log_costs_the_same_however_long(client, staff) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LOG)
        return len(captured)

    make(LogEntry)
    client.get(LOG)
    few = queries()
    for _ in range(5):
        make(LogEntry)
    assert queries() <= few
