"""Every page of the admin opens, and its lists cost the same few queries however long they are."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import models as core_models
from core.admin.richtext import EDITOR_STYLE
from core.models import BlogPost, Page, Tag
from core.tests.factories import BlogPostFactory
from ecommerce.models import Category, Invoice, Order, Product
from ecommerce.tests.factories import ProductFactory
from hnmproject.tests.admin_objects import MAKERS, make
from users.models import CustomUser

pytestmark = pytest.mark.django_db
INLINE_SCRIPT = re.compile(r"""<script(?![^>]*( src=| nonce=|"application/json"))""")
MODELS = sorted(MAKERS, key=lambda model: model._meta.label)
EVERY_MODEL = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)


def _url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_the_admin_is_tried_here() -> None:
    assert set(admin.site._registry) == set(MAKERS)


@EVERY_MODEL
def test_list_opens_and_searches(client, root, model) -> None:
    thing = make(model)
    client.force_login(root)
    page = client.get(_url(model, "changelist"))
    assert page.status_code == 200
    assert _url(model, "change", quote(thing.pk)) in page.content.decode()
    if admin.site._registry[model].get_search_fields(page.wsgi_request):
        assert client.get(_url(model, "changelist"), {"q": "zyxwvu"}).context["cl"].result_count == 0


@EVERY_MODEL
def test_forms_and_history_open(client, root, model) -> None:
    thing = make(model)
    client.force_login(root)
    for page in ("change", "history"):
        response = client.get(_url(model, page, quote(thing.pk)))
        assert response.status_code == 200
        assert not INLINE_SCRIPT.search(response.content.decode()), "the browser would refuse it"
    may_add = admin.site._registry[model].has_add_permission(client.get("/admin/").wsgi_request)
    assert client.get(_url(model, "add")).status_code == (200 if may_add else 403)


@EVERY_MODEL
def test_nobody_gets_in_without_the_permission(client, alice, model) -> None:
    alice.is_staff = True
    alice.save()
    thing = make(model)
    client.force_login(alice)
    assert client.get(_url(model, "changelist")).status_code == 403
    assert client.get(_url(model, "change", quote(thing.pk))).status_code == 403


@pytest.mark.parametrize(
    "model",
    [
        *(BlogPost, Category, CustomUser, Invoice, Order, Page, Product, Tag),
        *(core_models.ContactMessage, core_models.Testimonial),
    ],
    ids=lambda model: model.__name__,
)
def test_list_costs_the_same_with_one_row_and_with_many(client, root, model) -> None:
    client.force_login(root)
    make(model)
    client.get(_url(model, "changelist"))
    one = _queries(client, _url(model, "changelist"))
    for _ in range(5):
        make(model)
    many = _queries(client, _url(model, "changelist"))
    # One more at the most: a first page that is full asks whether there is another.
    assert many <= one + 1
    assert many <= 20


def _queries(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("text", ["Cast-iron", "PAN-1"])
def test_products_are_found_by_title_and_sku(client, bob, text) -> None:
    ProductFactory.create(title="Linen")
    ProductFactory.create(title="Cast-iron pan", sku="PAN-1")
    client.force_login(bob)
    results = client.get(_url(Product, "changelist"), {"q": text}).context["cl"].result_list
    assert [product.title for product in results] == ["Cast-iron pan"]


def test_pages_keep_to_the_content_security_policy(client, root) -> None:
    """What the browser would refuse: scripts and styles inside the page, but for the editor's, which we allow."""
    client.force_login(root)
    for model in (BlogPost, Page, Product):
        response = client.get(_url(model, "change", make(model).pk))
        page = response.content.decode()
        policy = response["Content-Security-Policy"]
        nonce = page.split('<script type="importmap" nonce="')[1].split('"')[0]
        assert f"'nonce-{nonce}'" in policy
        assert "unsafe-inline" not in policy
        assert " style=" not in page
        assert " onclick=" not in page


def test_style_of_the_editor_is_the_one_that_the_policy_allows() -> None:
    script = Path(finders.find("django_prose_editor/editor.js")).read_text(encoding="utf-8")
    style = re.search(r"`(\.ProseMirror \{\n  position: relative[^`]*)`", script).group(1)
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in EDITOR_STYLE


def test_only_pages_with_the_editor_allow_its_style(client, root) -> None:
    client.force_login(root)
    for page in ("/admin/", _url(BlogPost, "changelist"), _url(Tag, "add")):
        assert "sha256" not in client.get(page)["Content-Security-Policy"]


def test_what_is_published_is_viewed_on_the_site_and_the_rest_has_a_preview(client, root) -> None:
    client.force_login(root)
    for draft in (True, False):
        post = BlogPostFactory.create(draft=draft)
        page = client.get(_url(BlogPost, "change", post.pk)).content.decode()
        assert (f'href="{post.get_absolute_url()}" class="viewsitelink"' in page) != draft
        assert (f'action="{_url(BlogPost, "preview", post.pk)}"' in page) == draft
