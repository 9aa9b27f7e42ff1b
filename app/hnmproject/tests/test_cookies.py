"""The page about cookies is true: it names every one that is set, and reading it sets none."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import reverse

from ecommerce.tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def _listed(client) -> set[str]:
    return set(re.findall(r"<h2><code>([^<]+)</code></h2>", client.get(reverse("core:cookies")).text))


def test_names_every_cookie_that_a_customer_is_given(client, alice) -> None:
    listed = _listed(client)
    given = set()
    variant = ProductFactory.create().variants.get()
    client.get(reverse("core:contact"))
    client.post(reverse("ecommerce:cart_add"), {"variant": variant.sku}, headers={"Sec-Fetch-Site": "same-origin"})
    given |= set(client.cookies)
    client.force_login(alice)
    client.post(reverse("account_logout"))
    given |= set(client.cookies)
    assert given == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages", "cart", "cart_hint"}
    assert given <= listed


def test_the_page_sets_none_and_may_be_kept_for_everybody(client) -> None:
    response = client.get(reverse("core:cookies"))
    assert not response.cookies
    assert "X-Accel-Expires" in response.headers


def test_every_page_leads_to_it(client) -> None:
    assert reverse("core:cookies") in client.get("/contact/").text
