"""Things for sale, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from core.models import Tag
from core.tests import rows
from core.tests.factories import picture_file
from ecommerce.models import Category, Product, ProductImage, TaxRate, Variant
from ecommerce.services import catalogue

LONG_AGO = datetime(2026, 1, 1, 12, tzinfo=UTC)


class TaxRateFactory(DjangoModelFactory[TaxRate]):
    class Meta:
        model = TaxRate
        django_get_or_create = ["name"]

    name = "Standard"
    percent = Decimal(20)


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    title = factory.Sequence(lambda n: f"Category {n}")


class ProductFactory(DjangoModelFactory[Product]):
    """A published product with one variant that can be bought.

    ``draft=True`` makes it a draft, ``scheduled=True`` one whose date lies ahead; ``price`` and ``stock`` are those of
    its variant, ``variants=[]`` gives it none; ``tags=[…]`` tags it.
    """

    class Meta:
        model = Product
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(status=Product.INACTIVE_STATUS, activate_date=None)
        scheduled = factory.Trait(activate_date=datetime(2126, 1, 1, tzinfo=UTC))

    title = factory.Sequence(lambda n: f"Product {n}")
    category = factory.SubFactory(CategoryFactory)
    tax_rate = factory.SubFactory(TaxRateFactory)
    status = Product.ACTIVE_STATUS
    activate_date = factory.Sequence(lambda n: LONG_AGO + timedelta(minutes=n))

    @classmethod
    def _create(cls, model_class, *args, price="24.00", stock=10, sku="", **kwargs):
        product = super()._create(model_class, *args, **kwargs)
        product.new_variant = {"price": Decimal(price), "stock": stock} | ({"sku": sku} if sku else {})
        return product

    @factory.post_generation
    def variants(self: Product, create: bool, extracted: list[object] | None, **kwargs: object) -> None:  # type: ignore[misc]
        if create and extracted is None:
            VariantFactory.create(product=self, **self.new_variant)
            self.refresh_from_db()

    @factory.post_generation
    def tags(self: Product, create: bool, extracted: list[Tag] | None, **kwargs: object) -> None:  # type: ignore[misc]
        if create and extracted:
            self.tags.set(extracted)


class VariantFactory(DjangoModelFactory[Variant]):
    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory, variants=[])
    sku = factory.Sequence(lambda n: f"SKU-{n:05}")
    price = Decimal("24.00")
    stock = 10


class ProductImageFactory(DjangoModelFactory[ProductImage]):
    class Meta:
        model = ProductImage

    product = factory.SubFactory(ProductFactory)
    image = factory.LazyFunction(lambda: picture_file("product.png", 60, 60))
    alt = "A picture of it"


def sized_product(sizes: Sequence[tuple[str, str, int]] = (("Small", "10.00", 3), ("Large", "30.00", 0)), **fields):
    """A product in sizes, each with its price and stock."""
    product = ProductFactory.create(option_names=["Size"], variants=[], **fields)
    for position, (size, price, stock) in enumerate(sizes):
        VariantFactory.create(
            product=product, option_values=[size], price=Decimal(price), stock=stock, position=position
        )
    product.refresh_from_db()
    return product


def many_products(
    number: int, *, category: Category | None = None, prices: Sequence[str] = ("24.00",)
) -> list[Product]:
    """Published products with one variant each, by few statements however many; not in the search index."""
    category = category or CategoryFactory.create()
    tax_rate = TaxRateFactory.create()
    products = rows.insert(
        Product(
            title=f"Thing {index % 97}",
            slug=f"{category.slug}-thing-{index}",
            category=category,
            tax_rate=tax_rate,
            status=Product.ACTIVE_STATUS,
            # Several share a date, a title and a price, as imported products do.
            activate_date=LONG_AGO + timedelta(minutes=index // 3),
        )
        for index in range(number)
    )
    catalogue.create_variants(
        [
            Variant(
                product=product, sku=f"{category.slug}-{index}", price=Decimal(prices[index % len(prices)]), stock=5
            )
            for index, product in enumerate(products)
        ]
    )
    return products
