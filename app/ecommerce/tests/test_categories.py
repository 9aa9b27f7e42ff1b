from __future__ import annotations

import pytest

from ecommerce.models import Category
from ecommerce.services import categories

from .factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def kitchen():
    return CategoryFactory.create(title="Kitchen", position=1)


@pytest.fixture
def pots(kitchen):
    return CategoryFactory.create(title="Pots", parent=kitchen)


def test_the_tree_is_in_the_order_of_its_positions(kitchen, pots):
    first = CategoryFactory.create(title="Table", position=0)
    iron = CategoryFactory.create(title="Cast iron", parent=pots)
    tree = categories.tree()
    assert [(node.title, node.depth) for node in tree] == [("Table", 0), ("Kitchen", 0), ("Pots", 1), ("Cast iron", 2)]
    assert [node.title for node in tree.ancestors(iron.pk)] == ["Kitchen", "Pots"]
    assert tree.descendant_ids(kitchen.pk) == [kitchen.pk, pots.pk, iron.pk]
    assert [node.pk for node in tree.children(kitchen.pk)] == [pots.pk]
    assert [node.pk for node in categories.navigation()] == [first.pk, kitchen.pk]
    assert tree.by_slug("pots").url == "/shop/categories/pots/"
    assert tree.by_slug("none") is None


def test_the_tree_costs_no_query_once_it_is_cached(kitchen, django_assert_num_queries):
    with django_assert_num_queries(1):
        categories.tree()
    with django_assert_num_queries(0):
        assert len(categories.tree()) == 1


def test_the_tree_follows_what_staff_change(kitchen, commit):
    categories.tree()
    with commit():
        CategoryFactory.create(title="Garden")
    assert categories.tree().by_slug("garden")
    with commit():
        Category.objects.get(slug="garden").delete()
    assert not categories.tree().by_slug("garden")


def test_the_tree_is_read_from_the_database_when_the_cache_is_away(kitchen, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert [node.title for node in categories.navigation()] == ["Kitchen"]
    assert categories.counts(categories.tree()) == {kitchen.pk: 0}


def test_categories_in_a_circle_are_left_out(kitchen, pots):
    Category.objects.filter(pk=kitchen.pk).update(parent=pots)
    assert list(categories.tree()) == []


def test_counts_hold_what_visitors_may_see(kitchen, pots, commit):
    ProductFactory.create(category=pots)
    ProductFactory.create(category=kitchen)
    ProductFactory.create(category=pots, draft=True)
    ProductFactory.create(category=pots, scheduled=True)
    assert categories.counts(categories.tree()) == {kitchen.pk: 2, pots.pk: 1}
    with commit():
        ProductFactory.create(category=pots)
    assert categories.counts(categories.tree())[kitchen.pk] == 3
