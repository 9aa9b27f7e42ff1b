"""Keep what a product stores of its variants: prices, and whether it can be bought. Lists read only that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import DecimalField, Exists, Max, Min, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from core import shared_parts
from ecommerce import options
from ecommerce.models import Product, Variant
from ecommerce.services import categories

BATCH = 500  # below every database's limit of parameters in one statement


def refresh(product_ids: Iterable[int]) -> int:
    """Compute the stored summaries of these products again; the number of products found.

    Whatever changes variants other than by saving or deleting them one by one (``bulk_create``, ``update``) calls
    this afterwards. It costs two queries for every 500 products and locks these rows in the order of their keys.
    """
    return sum(_refresh(ids) for ids in _batches(sorted(set(product_ids))))


def refresh_all() -> int:
    return refresh(Product.objects.values_list("pk", flat=True))


def forget_lists() -> None:
    """Make lists and counts anew, once the current transaction is committed: which products there are has changed."""
    categories.forget_counts()
    shared_parts.forget_on_commit()


def create_variants(variants: Sequence[Variant]) -> list[Variant]:
    """Insert many variants at once, titles and summaries included."""
    for variant in variants:
        variant.title = options.title(variant.option_values)
    with transaction.atomic():
        created = Variant.objects.bulk_create(variants, batch_size=BATCH)
        refresh(variant.product_id for variant in created)
    return created


@transaction.atomic
def _refresh(product_ids: Sequence[int]) -> int:
    # The lock first: the statement after it sees what a transaction that held it has committed.
    locked = list(
        Product.objects.select_for_update().filter(pk__in=product_ids).order_by("pk").values_list("pk", flat=True)
    )
    variants = Variant.objects.filter(product=OuterRef("pk"))
    shared_parts.forget_on_commit()
    return Product.objects.filter(pk__in=locked).update(
        price_from=_price(Min("price")),
        price_to=_price(Max("price")),
        in_stock=Exists(variants.filter(stock__gt=0)),
        on_sale=Exists(variants.filter(compare_at_price__isnull=False)),
    )


def _price(aggregate: Min | Max) -> Coalesce:
    prices = Variant.objects.filter(product=OuterRef("pk")).order_by().values("product").annotate(price_=aggregate)
    money = DecimalField(max_digits=10, decimal_places=2)
    return Coalesce(Subquery(prices.values("price_"), output_field=money), Value(Decimal(0), output_field=money))


def _batches(product_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(product_ids), BATCH):
        yield product_ids[start : start + BATCH]
