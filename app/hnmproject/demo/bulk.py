"""Many plausible products, for load tests: the same ones for the same number on every machine.

They are known by their SKUs, which begin with LOAD-. They show the demo's pictures again instead of having their own.
Rows are inserted in bulk, so nothing that follows from saving one product happens by itself: the summaries, the search
index and the cached counts are brought up to date here, batch by batch. A batch is one transaction: a run that is
killed is topped up by the next.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.text import slugify
from modelsearch.models import IndexEntry

from core.models import Tag
from ecommerce.models import Category, Product, ProductImage, TaxRate, Variant
from ecommerce.services import catalogue, categories, search

from .drawing.canvas import dice
from .progress import Progress, Say

SKU_PREFIX = "LOAD-"
BATCH = 500  # below every database's limit of parameters in one statement

QUALITIES = (
    "Plain", "Everyday", "Small", "Tall", "Wide", "Heavy", "Light", "Round", "Square", "Folding", "Hanging", "Nested",
    "Ribbed", "Fluted", "Turned", "Woven", "Speckled", "Brushed", "Washed", "Striped", "Checked", "Deep", "Shallow",
    "Long", "Short",
)  # fmt: skip
MAKERS = (
    "Alder", "Birchwood", "Coppice", "Dunmore", "Eastfold", "Fenwick", "Garth", "Hollins", "Inglenook", "Juniper",
    "Kestrel", "Larkfield", "Millrace", "Northey", "Orchard", "Penrose", "Quarry", "Rowan", "Saltmarsh", "Thornbury",
    "Underhill", "Vale", "Wharf", "Yarrow",
)  # fmt: skip
THINGS = {
    "kitchen": (
        "skillet",
        "saucepan",
        "ladle",
        "grater",
        "sieve",
        "loaf tin",
        "whisk",
        "chopping board",
        "paring knife",
    ),
    "table": ("mug", "bowl", "plate", "jug", "beaker", "platter", "egg cup", "carafe", "butter dish", "teapot"),
    "textiles": ("tea towel", "napkin", "throw", "cushion", "runner", "apron", "bath mat", "blanket", "pillowcase"),
    "light": ("table lamp", "pendant", "lantern", "candlestick", "wall light", "candle", "lampshade", "night light"),
    "garden": ("pot", "trowel", "basket", "watering can", "dibber", "planter", "broom", "trug", "bird bath", "riddle"),
}
OPTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("",)),
    ("Size", ("Small", "Medium", "Large")),
    ("Colour", ("Oat", "Slate", "Moss", "Rust")),
    ("Colour", ("Chalk", "Ink")),
)
PRICE_ENDINGS = (Decimal("0.00"), Decimal("0.50"), Decimal("0.90"))


@dataclass(frozen=True)
class Shelf:
    """A category to fill: what kind of thing belongs there, and the pictures that the demo has for it."""

    category: Category
    things: tuple[str, ...]
    images: Sequence[ProductImage]


@dataclass(frozen=True)
class Surroundings:
    shelves: list[Shelf]
    tags: list[Tag]
    tax_rates: list[TaxRate]
    now: datetime


def generated() -> models.QuerySet[Product]:
    return Product.objects.filter(variants__sku__startswith=SKU_PREFIX).distinct()


def count() -> int:
    return len(_numbers())


def make(total: int, *, say: Say) -> int:
    """Make generated products until there are that many; return how many were made."""
    present = _numbers()
    missing = [number for number in range(1, total + 1) if number not in present][: max(0, total - len(present))]
    around = _surroundings()
    progress = Progress(say, "Making products", len(missing))
    for start in range(0, len(missing), BATCH):
        numbers = missing[start : start + BATCH]
        _make_batch(numbers, around)
        progress.step(len(numbers))
    _borrow_renditions(around)
    categories.forget_counts()
    return len(missing)


def remove(*, say: Say) -> int:
    """Delete all generated products; return how many. The pictures' files stay, since they are the demo's."""
    ids = sorted(generated().values_list("pk", flat=True))
    progress = Progress(say, "Removing products", len(ids))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        _remove_batch(batch)
        progress.step(len(batch))
    categories.forget_counts()
    return len(ids)


def _numbers() -> set[int]:
    skus = Variant.objects.filter(sku__startswith=SKU_PREFIX).values_list("sku", flat=True)
    return {int(sku.split("-")[1]) for sku in skus}


def _surroundings() -> Surroundings:
    return Surroundings(
        shelves=list(_shelves()),
        tags=list(Tag.objects.order_by("pk")),
        tax_rates=list(TaxRate.objects.order_by("-percent")[:2]),
        now=timezone.now().replace(minute=0, second=0, microsecond=0),
    )


def _shelves() -> Iterator[Shelf]:
    pictures = _pictures_by_category()
    for category in Category.objects.filter(parent__slug__in=THINGS).select_related("parent").order_by("pk"):
        top = category.parent.slug if category.parent else ""
        own = pictures.get(category.pk) or list(itertools.chain(*pictures.values()))
        yield Shelf(category, THINGS[top], own)


def _pictures_by_category() -> dict[int, list[ProductImage]]:
    found: dict[int, list[ProductImage]] = {}
    originals = ProductImage.objects.exclude(product__in=generated().values("pk")).select_related("product")
    for image in originals.order_by("product_id", "position"):
        found.setdefault(image.product.category_id, []).append(image)
    return found


@transaction.atomic
def _make_batch(numbers: Sequence[int], around: Surroundings) -> None:
    drafts = {number: _product(number, around) for number in numbers}
    Product.objects.bulk_create(drafts.values(), batch_size=BATCH)
    # MySQL does not say which keys it gave, so they are read back.
    keys = dict(Product.objects.filter(slug__in=[p.slug for p in drafts.values()]).values_list("slug", "pk"))
    for product in drafts.values():
        product.pk = keys[product.slug]
    catalogue.create_variants([v for number, product in drafts.items() for v in _variants(number, product)])
    _bulk_images(drafts, around)
    _bulk_tags(drafts, around)
    search.index(keys.values())


def _product(number: int, around: Surroundings) -> Product:
    chance = dice(f"product {number}")
    shelf = around.shelves[number % len(around.shelves)]
    thing = chance.choice(shelf.things)
    title = f"{chance.choice(QUALITIES)} {thing} “{chance.choice(MAKERS)} {number}”"
    option = _option(number)[0]
    return Product(
        title=title,
        slug=slugify(f"{title} {number}")[:90],
        summary=f"A {thing} from {chance.choice(MAKERS)}, made to be used every day.",
        description=_description(chance, thing),
        category=shelf.category,
        tax_rate=chance.choice(around.tax_rates),
        option_names=[option] if option else [],
        status=Product.ACTIVE_STATUS,
        activate_date=around.now - timedelta(minutes=chance.randrange(60, 3 * 365 * 24 * 60)),
    )


def _description(chance: random.Random, thing: str) -> str:
    return (
        f"<p>This {thing} was made in a small workshop and tried for a year before it came into the shop.</p>"
        f"<ul><li><p>Weighs {chance.randrange(2, 30) * 50} g</p></li>"
        f"<li><p>Guaranteed for {chance.randrange(2, 10)} years</p></li></ul>"
    )


def _option(number: int) -> tuple[str, tuple[str, ...]]:
    return OPTIONS[number % len(OPTIONS)]


def _variants(number: int, product: Product) -> Iterator[Variant]:
    chance = dice(f"variants {number}")
    price = Decimal(chance.randrange(6, 180)) + chance.choice(PRICE_ENDINGS)
    on_sale = chance.random() < 0.12
    sold_out = chance.random() < 0.06
    for position, value in enumerate(_option(number)[1]):
        own = price + 4 * position
        yield Variant(
            product=product,
            sku=f"{SKU_PREFIX}{number:06d}-{position + 1}",
            option_values=[value] if value else [],
            price=own,
            compare_at_price=own + 10 if on_sale else None,
            stock=0 if sold_out or chance.random() < 0.08 else chance.randrange(1, 90),
            weight_grams=chance.randrange(2, 60) * 50,
            position=position,
        )


def _bulk_images(products: dict[int, Product], around: Surroundings) -> None:
    rows = []
    for number, product in products.items():
        images = around.shelves[number % len(around.shelves)].images
        if not images:
            continue
        source = dice(f"picture {number}").choice(images)
        rows.append(_copy(source, product))
    ProductImage.objects.bulk_create(rows, batch_size=BATCH)


def _copy(source: ProductImage, product: Product) -> ProductImage:
    return ProductImage(
        product=product,
        image=source.image.name,
        image_width=source.image_width,
        image_height=source.image_height,
        image_ready=source.image_ready,
        alt=source.alt,
    )


def _bulk_tags(products: dict[int, Product], around: Surroundings) -> None:
    if not around.tags:
        return
    through = Product.tags.through
    rows = [
        through(product_id=product.pk, tag_id=tag.pk)
        for number, product in products.items()
        for tag in dice(f"tags {number}").sample(around.tags, k=min(2, len(around.tags)))
    ]
    through.objects.bulk_create(rows, batch_size=BATCH)


def _borrow_renditions(around: Surroundings) -> None:
    """Where the demo's own picture has its renditions by now, the rows that show the same file have them too."""
    ready = {image.image.name for shelf in around.shelves for image in shelf.images if image.image_ready}
    for names in _batches(sorted(ready)):
        ProductImage.objects.filter(image__in=names, image_ready=False).update(image_ready=True)


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), BATCH):
        yield names[start : start + BATCH]


@transaction.atomic
def _remove_batch(ids: Sequence[int]) -> None:
    """Without signals: each picture would ask for a job to delete a file that the demo still shows."""
    _delete(IndexEntry.objects.filter(content_type=_content_type(), object_id__in=[str(pk) for pk in ids]))
    _delete(ProductImage.objects.filter(product_id__in=ids))
    _delete(Product.tags.through.objects.filter(product_id__in=ids))
    _delete(Variant.objects.filter(product_id__in=ids))
    _delete(Product.objects.filter(pk__in=ids))


def _content_type() -> ContentType:
    return ContentType.objects.get_for_model(Product)


def _delete(rows: models.QuerySet[models.Model]) -> None:
    rows._raw_delete(using=connection.alias)  # noqa: SLF001  # what Django itself calls once it knows that nothing follows
