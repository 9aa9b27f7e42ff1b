"""A list's products are rendered once for everybody, and anew as soon as one changes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ecommerce.tests.factories import CategoryFactory, ProductFactory, VariantFactory

LIST = reverse("ecommerce:product_list")
pytestmark = pytest.mark.django_db


@pytest.fixture
def seen_page(client, alice, django_capture_on_commit_callbacks):
    """The list as alice sees it; called with a change, as she sees it once that is committed."""
    client.force_login(alice)

    def read(change=None, path=LIST):
        if change:
            with django_capture_on_commit_callbacks(execute=True):
                change()
        return client.get(path).content.decode()

    return read


def test_the_second_visitor_costs_no_query_for_the_products(seen_page, client, charlie, django_assert_max_num_queries):
    ProductFactory(title="Oak board")
    seen_page()
    client.force_login(charlie)
    client.get("/accounts/")  # that he was here is noted once in a while
    with django_assert_max_num_queries(2) as queries:  # who it is, and their session where the cache has lost it
        assert "Oak board" in seen_page()
    assert not any("ecommerce_product" in query["sql"] for query in queries)


def test_holds_nothing_of_who_asked_first(seen_page, client, charlie):
    ProductFactory()
    assert "Alice" in seen_page()
    client.force_login(charlie)
    seen = seen_page()
    assert "Charlie" in seen
    assert "Alice" not in seen


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda product: ProductFactory(title="Birch bowl"), "Birch bowl"),
        (lambda product: product.variants.get().delete(), "Sold out"),
        (lambda product: VariantFactory(product=product, price="3.10", option_values=["Small"]), "€3.10"),
        (lambda product: CategoryFactory(title="Baskets"), "Baskets"),
    ],
)
def test_a_change_shows_at_once(seen_page, change, seen):
    product = ProductFactory(title="Oak board", price="24.00")
    assert seen not in seen_page()
    assert seen in seen_page(lambda: change(product))


def test_a_withdrawn_product_is_gone_at_once(seen_page):
    product = ProductFactory(title="Oak board")
    assert "Oak board" in seen_page()
    assert "Oak board" not in seen_page(product.deactivate)


def test_every_address_has_its_own(seen_page):
    ProductFactory(title="Oak board", price="24.00")
    assert "Oak board" in seen_page()
    assert "Oak board" not in seen_page(path=f"{LIST}?price_max=5")


def test_an_edited_template_shows_at_once_while_developing(seen_page, settings, django_assert_max_num_queries):
    settings.DEBUG = True
    ProductFactory()
    seen_page()
    with django_assert_max_num_queries(10) as queries:
        seen_page()
    assert any("ecommerce_product" in query["sql"] for query in queries)
