"""What the shop's pages read. Each function says what it costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from ecommerce import keyset
from ecommerce.models import Product, ProductImage, ProductQuerySet, Variant
from ecommerce.services import categories

PAGE_SIZE = 24

NEWEST = keyset.Order("newest", "activate_date", descending=True)
CHEAPEST = keyset.Order("price", "price_from")
DEAREST = keyset.Order("-price", "price_from", descending=True)
BY_TITLE = keyset.Order("title", "title")
ORDERS = {order.name: order for order in (NEWEST, CHEAPEST, DEAREST, BY_TITLE)}


@dataclass(frozen=True)
class Filters:
    """What a visitor narrowed the list to. The prices are of the cheapest variant: the one the list shows."""

    category_ids: tuple[int, ...] | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False

    def in_category(self, node: categories.Node, tree: categories.Tree) -> Filters:
        return replace(self, category_ids=tuple(tree.descendant_ids(node.pk)))


def visible(filters: Filters) -> ProductQuerySet:
    """The published products that pass. No query yet."""
    products = Product.objects.published()
    if filters.category_ids is not None:
        products = products.filter(category_id__in=filters.category_ids)
    if filters.price_min is not None:
        products = products.filter(price_from__gte=filters.price_min)
    if filters.price_max is not None:
        products = products.filter(price_from__lte=filters.price_max)
    if filters.in_stock:
        products = products.in_stock()
    return products


def cards(products: QuerySet[Product]) -> QuerySet[Product]:
    """What a list shows of its products: with the first picture of each, by one more query for all of them."""
    first = ProductImage.objects.order_by("position", "pk")[:1]
    return products.defer("description").prefetch_related(Prefetch("images", queryset=first, to_attr="first_images"))


def listing(*, filters: Filters, sort: str = NEWEST.name, cursor: str = "") -> keyset.Page[Product]:
    """A page of the catalogue. Two queries, whatever its size and however far in."""
    return keyset.paginate(cards(visible(filters)), order=ORDERS[sort], size=PAGE_SIZE, token=cursor)


def featured_products(limit: int = 8) -> list[Product]:
    """For the home page, newest first. Two queries."""
    featured = Product.objects.published().filter(featured=True)
    return list(cards(featured).order_by(*NEWEST.keys())[:limit])


def product(slug: str) -> Product:
    """Published or not: the view decides who may see a draft. Three queries. Raises Product.DoesNotExist."""
    found: Product = (
        Product.objects.select_related("category", "tax_rate").prefetch_related("variants", "tags").get(slug=slug)
    )
    return found


def related_products(product: Product, limit: int = 4) -> list[Product]:
    """Others of the category that can be bought, newest first. One query; their pictures come with `with_pictures`."""
    others = Product.objects.published().in_stock().filter(category_id=product.category_id).exclude(pk=product.pk)
    return list(others.defer("description").order_by(*NEWEST.keys())[:limit])


def default_variant(variants: list[Variant]) -> Variant | None:
    """The first that can be bought, else the first."""
    return next((variant for variant in variants if variant.is_available), variants[0] if variants else None)
