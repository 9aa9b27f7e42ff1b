"""Keyset pages: every product once, whatever is equal, whichever way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecommerce import selectors
from ecommerce.keyset import Cursor, InvalidCursorError
from ecommerce.models import Product
from ecommerce.selectors import Filters

from .factories import LONG_AGO, ProductFactory, many_products

pytestmark = pytest.mark.django_db

SORTS = list(selectors.ORDERS)


def read(cursor: str = "", *, sort: str = "newest", filters: Filters | None = None):
    return selectors.listing(filters=filters or Filters(), sort=sort, cursor=cursor)


def walk(sort: str, *, filters: Filters | None = None) -> list[list[int]]:
    """The keys of every page, forward from the first."""
    page = read(sort=sort, filters=filters)
    pages = [[product.pk for product in page.rows]]
    while page.next:
        page = read(page.next, sort=sort, filters=filters)
        pages.append([product.pk for product in page.rows])
    return pages


def walk_back(sort: str) -> list[list[int]]:
    """The same from the last page to the first."""
    page = read(sort=sort)
    while page.next:
        page = read(page.next, sort=sort)
    pages = [[product.pk for product in page.rows]]
    while page.previous:
        page = read(page.previous, sort=sort)
        pages.insert(0, [product.pk for product in page.rows])
    return pages


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("number", [0, 1, 24, 25, 48, 97])
def test_each_product_stands_on_exactly_one_page(sort, number):
    many_products(number, prices=["5.00", "5.00", "7.50"])
    pages = walk(sort)
    expected = Product.objects.order_by(*selectors.ORDERS[sort].keys()).values_list("pk", flat=True)
    assert [pk for page in pages for pk in page] == list(expected)
    assert walk_back(sort) == pages


@pytest.mark.parametrize("sort", SORTS)
def test_the_order_is_kept_where_all_values_are_equal(sort):
    products = many_products(60)
    Product.objects.update(activate_date=LONG_AGO, price_from=Decimal(5), title="Same")
    pages = walk(sort)
    assert sorted(pk for page in pages for pk in page) == [product.pk for product in products]
    assert walk_back(sort) == pages


def test_microseconds_are_not_lost():
    for number in range(30):
        ProductFactory.create(activate_date=LONG_AGO + timedelta(microseconds=number))
    assert [len(page) for page in walk("newest")] == [24, 6]


def test_filters_hold_on_every_page():
    many_products(60, prices=["5.00", "9.00"])
    pages = walk("price", filters=Filters(price_min=Decimal(6)))
    assert [len(page) for page in pages] == [24, 6]


def test_going_back_to_the_start_gives_the_whole_first_page():
    many_products(60)
    first = read()
    second = read(first.next)
    Product.objects.filter(pk__in=[product.pk for product in first.rows[:10]]).delete()
    again = read(second.previous)
    assert again.is_first
    assert len(again.rows) == 24


def test_a_page_whose_products_are_gone_gives_the_first():
    many_products(30)
    last = read().next
    oldest = Product.objects.order_by("activate_date", "pk")[:6]
    Product.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()
    page = read(last)
    assert page.restarted
    assert len(page.rows) == 24


@pytest.mark.parametrize("token", ["x", "..", "é", "W10.abc", "a" * 5000, "null", "\x00"])
def test_a_made_up_cursor_gives_the_first_page(token):
    ProductFactory.create()
    page = read(token)
    assert page.restarted
    assert len(page.rows) == 1


def test_a_cursor_of_another_order_is_refused():
    token = Cursor("newest", LONG_AGO, 1).token()
    with pytest.raises(InvalidCursorError):
        Cursor.from_token(token, order=selectors.CHEAPEST)


def test_a_cursor_is_fit_for_an_address():
    token = Cursor("title", "Mug & “Saucer” ☕", 2**62).token()
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()
    assert token.isascii()


@pytest.mark.parametrize("sort", SORTS)
def test_a_page_neither_counts_nor_skips(sort):
    many_products(60)
    second = read(sort=sort).next
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(second, sort=sort)
    assert len(queries) == 2
    for query in queries:
        assert "OFFSET" not in query["sql"]
        assert "COUNT" not in query["sql"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is written differently elsewhere")
@pytest.mark.parametrize("sort", SORTS)
def test_the_database_reads_the_pages_in_the_order_of_an_index(sort):
    many_products(2000)
    if sort != "newest":  # without statistics SQLite takes the index of the date, and sorts what it gives
        connection.cursor().execute("ANALYZE")
    order = selectors.ORDERS[sort]
    cursor = Cursor.from_token(read(sort=sort).next, order=order)
    first = Product.objects.published().order_by(*order.keys())[:25]
    later = Product.objects.published().filter(order.beyond(cursor)).order_by(*order.keys())[:25]
    for queryset in (first, later):
        plan = queryset.explain()
        assert "USING INDEX product_" in plan, plan
        assert "TEMP B-TREE" not in plan, plan
