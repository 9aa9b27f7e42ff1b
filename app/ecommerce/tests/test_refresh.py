"""The summaries that a product keeps of its variants."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from ecommerce.models import Product, Variant
from ecommerce.services import catalogue, taxes

from .factories import ProductFactory, TaxRateFactory, VariantFactory, many_products, sized_product

pytestmark = pytest.mark.django_db


def summary(product: Product) -> tuple[Decimal, Decimal, bool, bool]:
    product.refresh_from_db()
    return product.price_from, product.price_to, product.in_stock, product.on_sale


def test_follow_a_saved_variant():
    product = sized_product([("Small", "10.00", 0), ("Large", "30.00", 2)])
    assert summary(product) == (Decimal("10.00"), Decimal("30.00"), True, False)

    large = product.variants.get(title="Large")
    large.price, large.compare_at_price, large.stock = Decimal("25.00"), Decimal("30.00"), 0
    large.save()
    assert summary(product) == (Decimal("10.00"), Decimal("25.00"), False, True)


def test_follow_a_deleted_variant():
    product = sized_product([("Small", "10.00", 0), ("Large", "30.00", 2)])
    product.variants.get(title="Large").delete()
    assert summary(product) == (Decimal("10.00"), Decimal("10.00"), False, False)


def test_are_zero_and_sold_out_without_variants():
    product = ProductFactory.create()
    product.variants.all().delete()
    assert summary(product) == (Decimal(0), Decimal(0), False, False)


def test_follow_a_variant_moved_to_another_product():
    old, new = ProductFactory.create(price="10.00"), ProductFactory.create(variants=[])
    variant = Variant.objects.get(product=old)
    variant.product = new
    variant.save()
    assert summary(old)[2] is False
    assert summary(new) == (Decimal("10.00"), Decimal("10.00"), True, False)


def test_leave_other_products_alone():
    other = ProductFactory.create(price="99.00")
    Product.objects.filter(pk=other.pk).update(price_from=Decimal(1))
    sized_product()
    assert summary(other)[0] == Decimal(1)


def test_many_products_cost_few_queries(django_assert_max_num_queries):
    products = many_products(1200)
    Variant.objects.update(price=Decimal("7.00"), stock=0)
    with django_assert_max_num_queries(20):
        assert catalogue.refresh(product.pk for product in products) == 1200
    assert not Product.objects.exclude(price_from=Decimal("7.00"), price_to=Decimal("7.00"), in_stock=False).exists()


def test_unknown_products_are_ignored():
    assert catalogue.refresh([987654]) == 0


def test_variants_created_at_once_get_title_and_summary():
    product = ProductFactory.create(option_names=["Size", "Colour"], variants=[])
    catalogue.create_variants(
        [
            Variant(product=product, sku="A", option_values=["Small", "Blue"], price=Decimal(5), stock=1),
            Variant(product=product, sku="B", option_values=["Large", "Blue"], price=Decimal(8)),
        ]
    )
    assert list(product.variants.values_list("title", flat=True)) == ["Small / Blue", "Large / Blue"]
    assert summary(product) == (Decimal(5), Decimal(8), True, False)


def test_the_command_repairs_what_was_changed_by_hand(capsys):
    product = ProductFactory.create(price="24.00")
    Variant.objects.update(price=Decimal("19.00"))
    assert summary(product)[0] == Decimal("24.00")
    call_command("refresh_catalogue", "--index")
    assert summary(product)[0] == Decimal("19.00")
    assert "Refreshed 1 products." in capsys.readouterr().out


def test_a_variant_s_title_is_its_option_values():
    variant = sized_product().variants.get(title="Small")
    variant.option_values = ["Tiny"]
    variant.save(update_fields=["option_values"])
    variant.refresh_from_db()
    assert variant.title == "Tiny"


def test_the_database_refuses_a_twin():
    product = sized_product()
    with pytest.raises(IntegrityError):
        VariantFactory.create(product=product, option_values=["Small"])


def test_the_default_tax_rate_is_the_highest():
    TaxRateFactory.create(name="Reduced", percent=Decimal(5))
    standard = TaxRateFactory.create(name="Full", percent=Decimal(21))
    assert taxes.default_rate() == standard


def test_there_is_a_default_tax_rate_in_an_empty_shop():
    assert taxes.default_rate().percent == 20
    assert taxes.default_rate().pk == taxes.default_rate().pk
