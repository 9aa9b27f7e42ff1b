"""Full-text search over the published products: the index finds the words, the catalogue's columns the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from modelsearch.backends import get_search_backend

from core.services import full_text
from core.services.search import SHORTEST_WORD, STOP_WORDS
from core.services.search import words as words_of
from ecommerce import selectors, words
from ecommerce.models import Product, ProductQuerySet

MAX_LENGTH = 100
MAX_MATCHES = 1000  # of a very common word, only the best are looked at
MAX_PAGE = 20  # relevance has no column to page by, so pages are counted; nobody reads the five-hundredth result
RELEVANCE = "relevance"
INDEX_BATCH = 500


@dataclass(frozen=True)
class Results:
    products: list[Product]
    has_next: bool = False


def products(text: str, *, filters: selectors.Filters, sort: str = RELEVANCE, page: int = 1) -> Results:
    """A page of what has all the words, the product with exactly this SKU before everything else.

    At most five queries, however large the shop.
    """
    wanted = [words.singular(word) for word in words_of(text)]
    if not wanted:
        return Results([])
    visible = selectors.visible(filters)
    exact = _with_sku(text, visible)
    others = [pk for pk in _matches(wanted, visible, sort, only_index=bool(exact)) if pk not in exact]
    return _page([*exact, *others], page)


def index(product_ids: Iterable[int]) -> None:
    """Bring the index up to date for these products. One that is saved by itself is indexed by that."""
    ids = sorted(set(product_ids))
    backend = get_search_backend()
    for start in range(0, len(ids), INDEX_BATCH):
        batch = Product.get_indexed_objects().filter(pk__in=ids[start : start + INDEX_BATCH])
        backend.add_bulk(Product, list(batch))


def _with_sku(text: str, visible: ProductQuerySet) -> list[int]:
    spellings = {text, text.upper(), text.lower()}  # a lookup that ignores case would read every variant
    return list(visible.filter(variants__sku__in=spellings).order_by().values_list("pk", flat=True).distinct()[:1])


def _matches(wanted: list[str], visible: ProductQuerySet, sort: str, *, only_index: bool) -> list[int]:
    """By the index; where that has none of the words, as with “XL” or half a word, by the titles."""
    known = [word for word in wanted if len(word) >= SHORTEST_WORD and word not in STOP_WORDS]
    ranked = full_text.keys(Product, known, limit=MAX_MATCHES) if known else []
    if not ranked:
        return [] if only_index else _in_order(visible.filter(_in_title(wanted)), sort)
    found = visible.filter(pk__in=ranked)
    return _in_order(found, sort) if sort in selectors.ORDERS else _by_relevance(found, ranked, known)


def _in_order(found: ProductQuerySet, sort: str) -> list[int]:
    order = selectors.ORDERS.get(sort, selectors.NEWEST)
    return list(found.order_by(*order.keys()).values_list("pk", flat=True)[:MAX_MATCHES])


def _by_relevance(found: ProductQuerySet, ranked: list[int], wanted: list[str]) -> list[int]:
    """As the index ranks them, but what is called so before what only mentions it."""
    titles = {pk: title.lower() for pk, title in found.order_by().values_list("pk", "title")}
    in_rank = [pk for pk in ranked if pk in titles]
    return sorted(in_rank, key=lambda pk: not all(word in titles[pk] for word in wanted))


def _in_title(wanted: list[str]) -> Q:
    return Q(*(Q(title__icontains=word) for word in wanted))


def _page(found: list[int], number: int) -> Results:
    start = (number - 1) * selectors.PAGE_SIZE
    chosen = found[start : start + selectors.PAGE_SIZE]
    has_next = len(found) > start + selectors.PAGE_SIZE and number < MAX_PAGE
    by_key = selectors.cards(Product.objects.filter(pk__in=chosen)).in_bulk() if chosen else {}
    return Results([by_key[pk] for pk in chosen if pk in by_key], has_next)
