"""The list and the pages of categories."""

from __future__ import annotations

import re

import pytest

from ecommerce import selectors

from .factories import CategoryFactory, ProductFactory, ProductImageFactory, VariantFactory, many_products

pytestmark = pytest.mark.django_db

LIST = "/shop/"


def titles(response) -> list[str]:
    return [product.title for product in response.context["products"]]


def following(response) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
    assert found, "there is no next page"
    return found[1].replace("&amp;", "&")


def test_newest_first_by_default(client):
    ProductFactory.create(title="Older")
    ProductFactory.create(title="Newer")
    assert titles(client.get(LIST)) == ["Newer", "Older"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("price", ["Bowl", "Cup", "Axe"]),
        ("-price", ["Axe", "Cup", "Bowl"]),
        ("title", ["Axe", "Bowl", "Cup"]),
        ("newest", ["Cup", "Bowl", "Axe"]),
    ],
)
def test_sorts(client, sort, expected):
    for title, price in (("Axe", "30.00"), ("Bowl", "9.00"), ("Cup", "10.00")):
        ProductFactory.create(title=title, price=price)
    assert titles(client.get(LIST, {"sort": sort})) == expected


def test_drafts_and_scheduled_products_are_not_listed(client):
    ProductFactory.create(title="Draft", draft=True, featured=True)
    ProductFactory.create(title="Tomorrow", scheduled=True, featured=True)
    assert titles(client.get(LIST)) == []
    assert selectors.featured_products() == []


def test_filters_combine(client):
    kitchen = CategoryFactory.create(title="Kitchen")
    pots = CategoryFactory.create(title="Pots", parent=kitchen)
    ProductFactory.create(title="Pot", category=pots, price="40.00")
    ProductFactory.create(title="Sold-out pot", category=pots, price="40.00", stock=0)
    ProductFactory.create(title="Dear pot", category=pots, price="400.00")
    ProductFactory.create(title="Cheap spoon", category=kitchen, price="4.00")
    ProductFactory.create(title="Lamp", price="40.00")
    chosen = {"category": "kitchen", "price_min": "10", "price_max": "99,50", "in_stock": "on"}
    assert titles(client.get(LIST, chosen)) == ["Pot"]
    assert titles(client.get("/shop/categories/pots/", {"price_min": "100"})) == ["Dear pot"]


def test_filters_and_sort_survive_paging(client):
    many_products(60, prices=["5.00", "9.00"])
    response = client.get(LIST, {"price_min": "6", "sort": "-price"})
    second = client.get(LIST + following(response))
    assert len(second.context["products"]) == 6
    assert {product.price_from for product in second.context["products"]} == {9}
    assert 'value="6"' in second.content.decode()
    assert '<option value="-price" selected>' in second.content.decode()
    assert 'rel="prev"' in second.content.decode()


@pytest.mark.parametrize(
    ("chosen", "label", "message"),
    [
        ({"price_min": "abc"}, "Price from", "enter an amount"),
        ({"price_max": "1e400"}, "Price up to", "too large"),
        ({"price_min": "NaN"}, "Price from", "enter an amount"),
        ({"price_min": "-1"}, "Price from", "below zero"),
        ({"price_min": "20", "price_max": "10"}, "Price up to", "not below “Price from”"),
        ({"category": "nowhere"}, "Category", "no such category"),
        ({"sort": "random"}, "Sort by", "choose one"),
    ],
)
def test_an_invalid_filter_is_named_and_the_others_hold(client, chosen, label, message):
    ProductFactory.create(title="Sold out", stock=0, price="30.00")
    ProductFactory.create(title="There", price="30.00")
    response = client.get(LIST, {**chosen, "in_stock": "on"})
    assert response.status_code == 200
    assert titles(response) == ["There"]
    notice = response.content.decode().partition("notice--error")[2].partition("</div>")[0]
    assert label in notice
    assert message in notice


@pytest.mark.parametrize("cursor", ["abc", "\x00", "W10.x" * 100, "💥"])
def test_a_broken_cursor_shows_the_beginning_and_says_so(client, cursor):
    ProductFactory.create(title="There")
    response = client.get(LIST, {"cursor": cursor})
    assert titles(response) == ["There"]
    assert "this is its beginning" in response.content.decode()


def test_an_empty_list_says_what_to_do(client):
    assert "still filling the shelves" in client.get(LIST).content.decode()
    assert "Nothing fits these filters" in client.get(LIST, {"price_min": "5"}).content.decode()


def test_cards_show_price_badges_and_first_picture(client):
    ranged = ProductFactory.create(title="Ranged", option_names=["Size"], variants=[])
    VariantFactory.create(product=ranged, option_values=["S"], price="10.00", compare_at_price="12.00")
    VariantFactory.create(product=ranged, option_values=["L"], price="20.00")
    ProductFactory.create(title="Gone", stock=0)
    second = ProductImageFactory.create(product=ranged, position=2)
    first = ProductImageFactory.create(product=ranged, position=1)
    html = client.get(LIST).content.decode()
    assert '<span class="muted">from</span> <span class="price">€10.00</span>' in html
    assert "Reduced" in html
    assert "Sold out" in html
    assert first.image.url in html
    assert second.image.url not in html


def test_a_category_shows_its_place_and_what_is_below(client):
    kitchen = CategoryFactory.create(title="Kitchen", description="All for cooking.")
    pots = CategoryFactory.create(title="Pots", parent=kitchen)
    iron = CategoryFactory.create(title="Cast iron", parent=pots)
    ProductFactory.create(title="Casserole", category=iron)
    ProductFactory.create(title="Draft", category=iron, draft=True)
    html = client.get(pots.get_absolute_url()).content.decode()
    assert "Casserole" in html
    assert re.search(r'breadcrumbs.*href="/shop/".*href="/shop/categories/kitchen/".*Pots', html, re.DOTALL)
    assert re.search(r'href="/shop/categories/cast-iron/">Cast iron.*, 1 product<', html)
    assert "All for cooking." in client.get(kitchen.get_absolute_url()).content.decode()


def test_an_unknown_category_is_not_found(client):
    assert client.get("/shop/categories/nowhere/").status_code == 404


def test_featured_products_are_the_newest_of_those_marked():
    ProductFactory.create(title="Not marked")
    for number in range(10):
        ProductFactory.create(title=f"Marked {number}", featured=True)
    found = selectors.featured_products(limit=3)
    assert [product.title for product in found] == ["Marked 9", "Marked 8", "Marked 7"]


def test_the_results_are_what_htmx_asks_for(client):
    ProductFactory.create()
    html = client.get(LIST).content.decode()
    assert 'hx-select="#results"' in html
    assert 'id="results"' in html
    assert re.search(r'id="result-count"[^>]* role="status">1 product shown<', html)
    assert client.get(LIST).content == client.get(LIST, headers={"HX-Request": "true"}).content
