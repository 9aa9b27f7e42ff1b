"""What staff may not save, and which field the message names."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from ecommerce.models import Category, Product, Variant

from .factories import CategoryFactory, ProductFactory, VariantFactory, sized_product

pytestmark = pytest.mark.django_db


def refused(instance) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        instance.full_clean()
    return caught.value.message_dict


def variant(product: Product, values: object, **fields) -> Variant:
    return Variant(product=product, sku="NEW", price=Decimal(5), **{"option_values": values, **fields})


@pytest.mark.parametrize("values", [[], ["Small", "Blue"]])
def test_a_variant_needs_a_value_for_each_option(values):
    product = ProductFactory.create(option_names=["Size"], variants=[])
    message = refused(variant(product, values))["option_values"][0]
    assert "Size" in message
    assert f"not {len(values)}" in message


def test_a_product_without_options_has_a_variant_without_values():
    product = ProductFactory.create(variants=[])
    assert "no options" in refused(variant(product, ["Small"]))["option_values"][0]
    variant(product, []).full_clean()


@pytest.mark.parametrize("values", ["Small", {"Size": "Small"}, [1], [None], ["  "]])
def test_values_are_a_list_of_texts(values):
    product = ProductFactory.create(option_names=["Size"], variants=[])
    assert set(refused(variant(product, values))) == {"option_values"}


def test_two_variants_cannot_have_the_same_values():
    product = sized_product()
    assert "Another variant" in refused(variant(product, ["small"]))["option_values"][0]
    variant(product, ["Medium"]).full_clean()
    product.variants.get(title="Small").full_clean()


def test_a_product_without_options_has_one_variant():
    product = ProductFactory.create()
    assert "only one variant" in refused(variant(product, []))["option_values"][0]


def test_a_variant_of_an_unsaved_product_can_be_checked():
    product = Product(title="New", option_names=["Size"])
    unsaved = variant(product, ["Small", "Blue"])
    with pytest.raises(ValidationError) as caught:
        unsaved.clean()
    assert "option_values" in caught.value.message_dict


def test_a_variant_without_product_says_that_it_is_missing():
    assert "product" in refused(Variant(sku="NEW", price=Decimal(5)))


def test_the_earlier_price_must_be_higher():
    product = ProductFactory.create(variants=[])
    errors = refused(variant(product, [], compare_at_price=Decimal(5)))
    assert "above the price" in str(errors)


@pytest.mark.parametrize("names", ["Size", ["Size", "size"], [""], ["A", "B", "C", "D"], [3]])
def test_options_are_up_to_three_distinct_names(names):
    product = ProductFactory.build(category=CategoryFactory.create(), option_names=names)
    product.tax_rate = ProductFactory.create().tax_rate
    assert set(refused(product)) == {"option_names"}


def test_a_category_cannot_stand_below_itself():
    root = CategoryFactory.create()
    child = CategoryFactory.create(parent=root)
    grandchild = CategoryFactory.create(parent=child)
    for below in (root, child, grandchild):
        root.parent = below
        assert set(refused(root)) == {"parent"}


def test_a_category_can_move_elsewhere():
    root, other = CategoryFactory.create(), CategoryFactory.create()
    child = CategoryFactory.create(parent=root)
    child.parent = other
    child.full_clean()


def test_a_circle_that_is_already_there_does_not_hang():
    one, two = CategoryFactory.create(), CategoryFactory.create()
    Category.objects.filter(pk=one.pk).update(parent=two)
    Category.objects.filter(pk=two.pk).update(parent=one)
    third = CategoryFactory.create()
    third.parent = Category.objects.get(pk=one.pk)
    third.full_clean()


def test_variants_of_different_products_may_be_alike():
    VariantFactory.create()
    VariantFactory.create()
