"""What the pages cost, and that they carry nothing personal: the same for everyone, however large the shop."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecommerce.models import Product, Variant
from ecommerce.services import search

from .factories import CategoryFactory, ProductFactory, ProductImageFactory, many_products, sized_product

pytestmark = pytest.mark.django_db

PAGES = [
    "/shop/",
    "/shop/?sort=price&price_min=5&in_stock=on&category=kitchen",
    "/shop/categories/kitchen/",
    "/shop/products/kettle/",
    "/shop/search/?q=kettle",
    "/shop/search/?q=KETTLE-1",
    "/shop/search/?q=nothing",
    "/shop/search/",
]


@pytest.fixture
def shop():
    kitchen = CategoryFactory.create(title="Kitchen")
    CategoryFactory.create(title="Pots", parent=kitchen)
    product = sized_product(title="Kettle", category=kitchen)
    Variant.objects.filter(title="Small").update(sku="KETTLE-1")
    ProductImageFactory.create(product=product)
    ProductImageFactory.create(product=product)
    for _number in range(24):
        ProductImageFactory.create(product=ProductFactory.create(category=kitchen))
    return kitchen


def cost(client, address: str) -> int:
    cache.clear()  # of an earlier visit something could end between the next two
    client.get(address)  # what is cached, is cached now
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= 6, "\n".join(query["sql"] for query in queries)
    return len(queries)


def test_pages_cost_few_queries_and_no_more_in_a_large_shop(client, alice, shop):
    client.force_login(alice)
    small = {address: cost(client, address) for address in PAGES}
    many_products(10_000, category=shop, prices=["5.00", "19.00", "49.00"])
    assert {address: cost(client, address) for address in PAGES} == small


@pytest.mark.parametrize("address", PAGES)
def test_pages_stay_cheap_when_nothing_is_cached(client, alice, shop, address):
    client.force_login(alice)
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    # Ten, and one that notes that she was here: the cache would have known that it need not.
    assert len(queries) <= 11, "\n".join(query["sql"] for query in queries)


@pytest.mark.parametrize("address", PAGES)
def test_anonymous_pages_carry_nothing_personal(client, shop, address):
    response = client.get(address)
    assert not response.cookies
    assert "csrf" not in response.content.decode().lower()
    assert set(response.get("Vary", "").split(", ")) <= {"", "Accept-Language", "Cookie"}
    assert response["X-Accel-Expires"]
    assert response.content == client.get(address).content


@pytest.mark.parametrize("address", PAGES)
def test_pages_answer_head_and_refuse_post(client, shop, address):
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_a_search_of_a_large_shop_is_indexed(client, shop):
    search.index(product.pk for product in many_products(300, category=shop))
    assert cost(client, "/shop/search/?q=thing") <= 5
    assert Product.objects.count() > 300
