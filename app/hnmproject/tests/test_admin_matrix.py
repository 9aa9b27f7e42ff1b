"""Who may do what in the admin: the one table, held against every page and action that there is.

Pages come from the URL resolver and actions from the lists themselves, so whatever is new and not in the table fails
here. Letters say whom something lets in; whoever is not named is refused, superusers included:

    R superusers    E Editors    S Shop staff    U Support    O Operators

Nobody else is ever let in: not a customer, not a stranger, not staff without a role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from core import models as core
from core.tests.factories import BlogPostFactory, PageFactory
from ecommerce import models as shop
from ecommerce.admin.order_actions import ACTIONS as ORDER_ACTIONS
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.orders import a_paid_order
from hnmproject.tests.admin_objects import make
from tasks.models import Job, Process
from users.models import CustomUser
from users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Page:
    """A page of its own. Where a method is None the page does not know it."""

    get: str | None = None
    post: str | None = None


@dataclass(frozen=True)
class Rights:
    """What a model's pages let whom do. ``see``: the list, a row, its history. ``pages``: by the name of the URL."""

    see: str
    add: str = ""
    change: str = ""
    delete: str = ""
    actions: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)


def _all(who: str, **more: Any) -> Rights:
    actions = {"delete_selected": who, **more.pop("actions", {})}
    return Rights(see=who, add=who, change=who, delete=who, actions=actions, **more)


def _publishable(who: str, **pages: Page) -> Rights:
    return _all(who, actions={"publish": who, "unpublish": who}, pages=pages)


def _import(name: str, who: str) -> Rights:
    # Its page has no form: who sends one is shown the page, and nothing changes.
    pages = {f"{name}_start": Page(post=who), f"{name}_stop": Page(post=who), f"{name}_file": Page(get=who)}
    return _all(who, pages=pages)


TABLE: dict[type[Model], Rights] = {
    core.BlogPost: _publishable("RE", core_blogpost_preview=Page(post="RE")),
    core.Page: _publishable("RE", core_page_preview=Page(post="RE")),
    core.Testimonial: _publishable("RE"),
    core.Tag: _all("RES"),
    core.ContactMessage: Rights(
        see="RU",
        change="RU",
        delete="R",
        actions={"mark_handled": "RU", "reopen": "RU", "delete_selected": "R"},
    ),
    core.Newsletter: _all(
        "RE",
        pages={"core_newsletter_test": Page(post="RE"), "core_newsletter_send": Page(get="RE", post="RE")},
    ),
    core.NewsletterSubscription: Rights(
        see="REU",
        change="RU",
        delete="R",
        actions={"export": "REU", "unsubscribe": "RU", "delete_selected": "R"},
    ),
    core.ImportedFile: Rights(see="RE", delete="R", actions={"delete_selected": "R"}),
    core.WordPressImport: _import("core_wordpressimport", "RE"),
    shop.Category: _all("RS"),
    shop.Product: Rights(
        see="RSU",
        add="RS",
        change="RS",
        delete="RS",
        actions={"publish": "RS", "unpublish": "RS", "export_selected": "RSU", "delete_selected": "RS"},
        pages={"ecommerce_product_export": Page(get="RSU", post="RSU"), "ecommerce_product_preview": Page(post="RSU")},
    ),
    shop.ProductImport: _import("ecommerce_productimport", "RS"),
    shop.TaxRate: Rights(see="RS", add="R", change="R", delete="R", actions={"delete_selected": "R"}),
    shop.ShippingMethod: _all("RS"),
    shop.Coupon: _all("RS"),
    shop.Order: Rights(
        see="RSU",
        actions={"ship_selected": "RS", "packing_slips": "RSU", "export": "RSU"},
        pages={
            "ecommerce_order_slips": Page(get="RSU"),
            "ecommerce_order_ship_many": Page(get="RS", post="RS"),
            "ecommerce_order_action ship": Page(get="RS", post="RS"),
            "ecommerce_order_action complete": Page(get="RS", post="RS"),
            "ecommerce_order_action cancel": Page(get="RS", post="RS"),
            "ecommerce_order_action refund": Page(get="RS", post="RS"),
            "ecommerce_order_action mail": Page(get="RSU", post="RSU"),
            "ecommerce_order_action note": Page(get="RSU", post="RSU"),
            "ecommerce_order_action look": Page(get="RSU", post="RSU"),
        },
    ),
    shop.Invoice: Rights(see="RSU"),
    shop.Refund: Rights(see="RSU"),
    shop.StripeSession: Rights(see="RS"),
    shop.StripeEvent: Rights(see="RS"),
    CustomUser: Rights(
        see="RU",
        add="R",
        change="R",
        delete="R",
        actions={"delete_selected": "R"},
        pages={"auth_user_password_change": Page(get="R", post="R")},
    ),
    EmailAddress: Rights(see="R", delete="R", actions={"delete_selected": "R"}),
    Group: _all("R"),
    LogEntry: Rights(see="R"),
    Job: Rights(
        see="RSUO",
        delete="R",
        actions={"retry_selected": "RO", "cancel_selected": "RO", "delete_selected": "R"},
        pages={"tasks_job_retry": Page(post="RO"), "tasks_job_cancel": Page(post="RO")},
    ),
    Process: Rights(see="RSUO"),
    PeriodicTask: Rights(
        see="RO",
        add="R",
        change="RO",
        delete="R",
        actions={
            "enable_tasks": "RO",
            "disable_tasks": "RO",
            "toggle_tasks": "RO",
            "run_tasks": "RO",
            "delete_selected": "R",
        },
    ),
    IntervalSchedule: Rights(see="RO", add="RO", change="R", delete="R", actions={"delete_selected": "R"}),
    CrontabSchedule: Rights(see="RO", add="RO", change="R", delete="R", actions={"delete_selected": "R"}),
    ClockedSchedule: _all("R"),
    SolarSchedule: _all("R"),
}

# Pages of the admin that belong to no model, and whom they let in. They show nothing that needs a right of its own.
EVERY_STAFF = "RESUO-"  # "-" is staff without a role
OF_THE_SITE: dict[str, Page] = {
    "index": Page(get=EVERY_STAFF, post=EVERY_STAFF),
    "jsi18n": Page(get=EVERY_STAFF),
    "password_change": Page(get=EVERY_STAFF, post=EVERY_STAFF),
    "password_change_done": Page(get=EVERY_STAFF),
    "view_on_site": Page(get=EVERY_STAFF, post=EVERY_STAFF),  # leads to the page, which asks for itself
    "autocomplete": Page(get="RES"),  # tags, the only ones that are completed
}
LOGIN = {"login", "logout"}  # for everybody; test_admin_login.py
APPS: dict[str, str] = {
    "core": "RESU",
    "ecommerce": "RSU",
    "users": "RU",
    "auth": "R",
    "admin": "R",
    "account": "R",
    "tasks": "RSUO",
    "django_celery_beat": "RO",
}

# Pages outside of the admin that are for staff too.
OUTSIDE: dict[str, Page] = {
    "watching:may_watch": Page(get="RO"),
    "watching:refused": Page(get=""),
    "jobs:job": Page(get="RSUO"),
    "jobs:api": Page(get="RSUO"),
    "jobs:cancel": Page(get="RO", post="RO"),
    "jobs:file": Page(get=""),  # for whoever asked for it
    "ecommerce:own_invoice": Page(get="RSU"),
    "core:blog_post ?preview": Page(get="RE"),
    "core:page ?preview": Page(get="RE"),
    "ecommerce:product ?preview": Page(get="RSU"),
}

GENERIC = {"changelist", "add", "history", "delete", "change"}
# What Django's admin adds without a name: two redirects to what has one, and "no such page".
UNNAMED = {"django.views.generic.base.RedirectView", "django.contrib.admin.sites.AdminSite.catch_all_view"}
UNNAMED |= {"hnmproject.admin.ShopAdminSite.catch_all_view", "hnmproject.admin.catch_all_view"}


# --- People


@pytest.fixture
def people(root, erin, bob, dave, frank, alice) -> dict[str, Any]:
    """By letter; staff without a role as "-", a customer as "c", and a stranger as "s"."""
    newcomer = UserFactory.create(is_staff=True)
    return {"R": root, "E": erin, "S": bob, "U": dave, "O": frank, "-": newcomer, "c": alice, "s": None}


@pytest.fixture(autouse=True)
def _only_rights_matter(monkeypatch):
    """Nothing is sent, no file is deleted, and no page of Django is drawn: test_admin_pages.py draws them."""
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.delete", lambda *args: None)
    monkeypatch.setattr("django.template.response.SimpleTemplateResponse.rendered_content", "")
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *args, **kwargs: None)


def _log_in(client, person) -> None:
    client.logout()
    if person is not None:
        client.force_login(person)


# --- Pages as the resolver knows them


def _patterns(patterns, found: int = 0) -> Iterator[tuple[URLPattern, int]]:
    """Each pattern with the number of its arguments."""
    for pattern in patterns:
        arguments = found + len(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, arguments)
        else:
            yield pattern, arguments


ADMIN = list(_patterns(admin.site.urls[0]))
ARGUMENTS = {pattern.name: arguments for pattern, arguments in ADMIN if pattern.name}


def _prefix(model) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def _pages(model) -> dict[str, Page]:
    rights, prefix = TABLE[model], _prefix(model)
    return {
        f"{prefix}_changelist": Page(rights.see, rights.see),
        f"{prefix}_add": Page(rights.add, rights.add),
        f"{prefix}_history": Page(rights.see, rights.see),
        f"{prefix}_delete": Page(rights.delete, rights.delete),
        f"{prefix}_change": Page(rights.see, rights.change),
        **rights.pages,
    }


def test_every_page_of_the_admin_is_in_the_table() -> None:
    known = {name.partition(" ")[0] for model in TABLE for name in _pages(model)}
    assert set(ARGUMENTS) == known | set(OF_THE_SITE) | LOGIN | {"app_list"}


def test_no_page_of_the_admin_is_without_a_name() -> None:
    unnamed = {pattern.lookup_str for pattern, _ in ADMIN if not pattern.name}
    assert unnamed <= UNNAMED


def test_every_model_and_app_of_the_admin_is_in_the_table() -> None:
    assert set(admin.site._registry) == set(TABLE)
    assert {model._meta.app_label for model in TABLE} == set(APPS)


def test_every_action_on_an_order_is_in_the_table() -> None:
    names = {name.partition(" ")[2] for name in TABLE[shop.Order].pages if "_action " in name}
    assert names == set(ORDER_ACTIONS)


def test_every_page_of_jobs_and_flower_is_in_the_table() -> None:
    named = {
        f"{resolver.namespace}:{pattern.name}"
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and resolver.namespace in {"jobs", "watching"}
        for pattern in resolver.url_patterns
    }
    assert named == {name for name in OUTSIDE if name.startswith(("jobs:", "watching:"))}


# --- What there is to try it on


def _a_thing(model) -> Any:
    if model is Job:
        return Job.objects.create(kind="core.nothing", queue="default", state=Job.State.FAILED)
    thing = make(model)
    if model in {core.WordPressImport, shop.ProductImport}:
        thing.file.save("upload", ContentFile(b"Handle\n"))
    return thing


def _address(name: str, thing) -> str:
    name, _, argument = name.partition(" ")
    arguments = [quote(thing.pk), argument][: ARGUMENTS[name]]
    query = f"?ids={thing.pk}" if name in {"ecommerce_order_slips", "ecommerce_order_ship_many"} else ""
    return reverse(f"admin:{name}", args=arguments) + query


def _is_let_in(response) -> bool:
    if response.status_code in {301, 302} and response["Location"].startswith(("/accounts/login/", "/admin/login/")):
        return False
    assert response.status_code < 500
    return response.status_code not in {401, 403, 404, 405}


def _send(client, method: str, address: str, data=None):
    """Undone at once, so that each finds the thing as it was."""
    with transaction.atomic():
        response = getattr(client, method)(address, data or {})
        if response.streaming:
            list(response)  # to its end, where the file is closed
        transaction.set_rollback(True)
    return response


def _against(client, people, addresses: dict[str, str], table: dict[str, Page], data=None) -> list[str]:
    """Where the pages differ from the table."""
    wrong = []
    for letter, person in people.items():
        _log_in(client, person)
        for name, page in table.items():
            for method, who in (("get", page.get), ("post", page.post)):
                let_in = _is_let_in(_send(client, method, addresses[name], data if method == "post" else None))
                if let_in != (who is not None and letter in who):
                    wrong.append(f"{letter} {method} {name}: {'let in' if let_in else 'refused'}")
    return wrong


@pytest.mark.parametrize("model", TABLE, ids=lambda model: model._meta.label_lower)
def test_pages_let_in_whom_the_table_says(client, people, model) -> None:
    thing = _a_thing(model)
    table = _pages(model)
    addresses = {name: _address(name, thing) for name in table}
    assert not _against(client, people, addresses, table, {"post": "yes"})


@pytest.mark.parametrize("model", TABLE, ids=lambda model: model._meta.label_lower)
def test_actions_are_offered_to_whom_the_table_says(client, people, model) -> None:
    thing = _a_thing(model)
    address = _address(f"{_prefix(model)}_changelist", thing)
    rights = TABLE[model]
    for letter, person in people.items():
        if letter not in rights.see:
            continue
        _log_in(client, person)
        form = client.get(address).context_data["action_form"]
        offered = {name for name, _ in form.fields["action"].choices if name} if form else set()
        assert offered == {name for name, who in rights.actions.items() if letter in who}, letter
        for name in rights.actions:
            response = _send(client, "post", address, {"action": name, "_selected_action": [thing.pk]})
            said = [str(message) for message in response.wsgi_request._messages._queued_messages]
            assert ("No action selected." in said or form is None) == (name not in offered), (letter, name, said)


def test_pages_without_a_model_let_in_whom_the_table_says(client, people) -> None:
    post = BlogPostFactory.create()
    completed = {"app_label": "core", "model_name": "blogpost", "field_name": "tags", "term": "a"}
    addresses = {
        **{name: reverse(f"admin:{name}") for name in ("index", "jsi18n", "password_change", "password_change_done")},
        "view_on_site": reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(post).pk, post.pk]),
        "autocomplete": reverse("admin:autocomplete", query=completed),
    }
    assert not _against(client, people, addresses, OF_THE_SITE)


def test_apps_let_in_whom_the_table_says(client, people) -> None:
    table = {label: Page(who, who) for label, who in APPS.items()}
    addresses = {label: reverse("admin:app_list", args=[label]) for label in APPS}
    assert not _against(client, people, addresses, table)


def test_pages_outside_the_admin_let_in_whom_the_table_says(client, people) -> None:
    job = Job.objects.create(kind="core.nothing", queue="default")
    # Somebody else's: what alice buys with her address is put into her account as she logs in.
    invoice = a_paid_order(email="stranger@example.com").invoices.get()
    drafts = (BlogPostFactory.create(draft=True), PageFactory.create(status=0), ProductFactory.create(draft=True))
    previews = {
        f"{name} ?preview": f"{thing.get_absolute_url()}?preview"
        for name, thing in zip(("core:blog_post", "core:page", "ecommerce:product"), drafts, strict=True)
    }
    addresses = {
        **{name: reverse(name) for name in ("watching:may_watch", "watching:refused")},
        **{name: reverse(name, args=[job.pk]) for name in ("jobs:job", "jobs:api", "jobs:cancel", "jobs:file")},
        "ecommerce:own_invoice": reverse("ecommerce:own_invoice", args=[invoice.number]),
        **previews,
    }
    assert not _against(client, people, addresses, OUTSIDE)


def test_the_table_is_tried_with_everybody_it_names(people) -> None:
    named = {letter for rights in TABLE.values() for letter in rights.see + rights.add + rights.change + rights.delete}
    assert named <= set(people)
    groups = {people[letter].groups.get().name for letter in "ESUO"}
    assert groups == set(Group.objects.values_list("name", flat=True))
