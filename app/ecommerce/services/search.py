"""Full-text search over the published products, by the database's own index (FTS5 or FULLTEXT).

Words of one or two letters and the commonest ones are not in MySQL's index, and asking for them there finds nothing.
They are left out on every database, so that a search gives the same everywhere; a search of nothing else looks at the
titles alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from modelsearch.backends import get_search_backend

from ecommerce import selectors, words
from ecommerce.models import Product, ProductQuerySet

MAX_LENGTH = 100
MAX_WORDS = 8
MAX_PAGE = 20  # relevance has no column to page by, so pages are counted; nobody reads the five-hundredth result
RELEVANCE = "relevance"
INDEX_BATCH = 500

_MIN_LETTERS = 3
_STOP_WORDS = frozenset(
    "about and are com for from how that the this was what when where who will with und www".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Results:
    products: list[Product]
    has_next: bool = False


def products(text: str, *, filters: selectors.Filters, sort: str = RELEVANCE, page: int = 1) -> Results:
    """A page of what matches all the words, the product with exactly this SKU before everything else.

    At most five queries. Where the index knows no match, parts of words are looked for in the titles.
    """
    wanted = [words.singular(word) for word in words.split(text.lower())[:MAX_WORDS]]
    if not wanted:
        return Results([])
    visible = selectors.visible(filters)
    exact = _by_sku(text, visible)
    others = visible.exclude(pk=exact.pk) if exact else visible
    matches = _page(_by_index(wanted, others, sort), page)
    if not matches.products and exact is None:
        matches = _page(_by_title(wanted, others, sort), page)
    if exact is not None and page == 1:
        return Results([exact, *matches.products], matches.has_next)
    return matches


def index(product_ids: Iterable[int]) -> None:
    """Bring the index up to date for these products. One that is saved by itself is indexed by that."""
    ids = sorted(set(product_ids))
    backend = get_search_backend()
    for start in range(0, len(ids), INDEX_BATCH):
        batch = Product.get_indexed_objects().filter(pk__in=ids[start : start + INDEX_BATCH])
        backend.add_bulk(Product, list(batch))


def _by_sku(text: str, visible: ProductQuerySet) -> Product | None:
    spellings = {text, text.upper(), text.lower()}  # a lookup that ignores case would read every variant
    found: Product | None = selectors.cards(visible.filter(variants__sku__in=spellings)).first()
    return found


def _by_index(wanted: list[str], visible: ProductQuerySet, sort: str) -> QuerySet[Product] | None:
    known = [word for word in wanted if len(word) >= _MIN_LETTERS and word not in _STOP_WORDS]
    if not known:
        return None
    found = get_search_backend().search(" ".join(known), visible, operator="and", order_by_relevance=False)
    scored: QuerySet[Product] = found.annotate_score("score").get_queryset()
    return _ordered(scored, known, sort, by="score" if connection.vendor == "sqlite" else "-score")


def _by_title(wanted: list[str], visible: ProductQuerySet, sort: str) -> QuerySet[Product]:
    return _ordered(visible.filter(_in_title(wanted)), wanted, sort, by="title")


def _ordered(found: QuerySet[Product], wanted: list[str], sort: str, *, by: str) -> QuerySet[Product]:
    if sort in selectors.ORDERS:
        return selectors.cards(found).order_by(*selectors.ORDERS[sort].keys())
    # What is called so stands before what only mentions it.
    named = Case(When(_in_title(wanted), then=Value(0)), default=Value(1), output_field=IntegerField())
    return selectors.cards(found).order_by(named, by, "-pk")


def _in_title(wanted: list[str]) -> Q:
    return Q(*(Q(title__icontains=word) for word in wanted))


def _page(found: QuerySet[Product] | None, number: int) -> Results:
    if found is None:
        return Results([])
    start = (number - 1) * selectors.PAGE_SIZE
    rows = list(found[start : start + selectors.PAGE_SIZE + 1])
    more = len(rows) > selectors.PAGE_SIZE and number < MAX_PAGE
    return Results(rows[: selectors.PAGE_SIZE], more)
