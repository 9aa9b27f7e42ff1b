"""The catalogue in Shopify's CSV format, as the import reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from core.site_address import absolute
from ecommerce.models import Product, ProductImage, Variant
from ecommerce.services import categories, spreadsheets
from ecommerce.services.batches import batches
from ecommerce.services.categories import Tree

COLUMNS = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published",
    "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
    "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy",
    "Variant Fulfillment Service", "Variant Price", "Variant Compare At Price", "Variant Requires Shipping",
    "Variant Taxable", "Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "Gift Card", "SEO Title",
    "SEO Description", "Variant Weight Unit", "Status",
]  # fmt: skip
BATCH = 200

Row = dict[str, Any]


def pieces(ids: Sequence[int] | None = None) -> Iterator[str]:
    """The file, in pieces of at most BATCH products, after one of the headings: never all in memory.

    All products, or those with these keys. Four queries for each piece.

    Not one moment's picture: what changes while it is written may be in it or not, each product as a whole.
    """
    yield _text([dict(zip(COLUMNS, COLUMNS, strict=True))], guard=False)
    tree = categories.fresh_tree()
    loaded = Product.objects.prefetch_related(
        "tags",
        Prefetch("variants", Variant.objects.order_by("position", "pk")),
        Prefetch("images", ProductImage.objects.order_by("position", "pk")),
    )
    for batch in batches(loaded, size=BATCH, ids=ids):
        yield _text(row for product in batch for row in _rows(product, tree))


def _text(rows: Iterable[Row], *, guard: bool = True) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writerows({name: _cell(value) for name, value in row.items()} if guard else row for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return spreadsheets.guarded(value) if isinstance(value, str) else value


def _rows(product: Product, tree: Tree) -> Iterator[Row]:
    """One for each variant or picture, whichever are more; the first also says what all share."""
    pairs = zip_longest(product.variants.all(), product.images.all())
    for number, (variant, image) in enumerate(pairs):
        yield {
            "Handle": product.slug,
            **(_shared(product, tree) if number == 0 else {}),
            **(_variant(variant, product.option_names) if variant else {}),
            **(_image(image, number + 1) if image else {}),
        }


def _shared(product: Product, tree: Tree) -> Row:
    return {
        "Title": product.title,
        "Body (HTML)": product.description,
        "Vendor": settings.SITE_NAME,
        **_category(product, tree),
        "Tags": ", ".join(tag.name for tag in product.tags.all()),
        # What is scheduled or has ended is not on sale: elsewhere it must not appear at once.
        "Published": "true" if product.is_published else "false",
        "Gift Card": "false",
        "SEO Title": "",
        "SEO Description": product.summary,
        "Status": "active" if product.is_published else "draft",
        **_option_names(product),
    }


def _category(product: Product, tree: Tree) -> Row:
    node = tree.get(product.category_id)
    if node is None:  # made in this moment, or in a circle
        return {"Type": product.category.title}
    path = [*(above.title for above in tree.ancestors(node.pk)), node.title]
    return {"Type": node.title, "Product Category": " > ".join(path) if len(path) > 1 else ""}


def _option_names(product: Product) -> Row:
    names = product.option_names or ["Title"]
    return {f"Option{number} Name": name for number, name in enumerate(names, start=1)}


def _variant(variant: Variant, names: list[str]) -> Row:
    values = variant.option_values if names else ["Default Title"]
    return {
        **{f"Option{number} Value": value for number, value in enumerate(values, start=1)},
        "Variant SKU": variant.sku,
        "Variant Grams": variant.weight_grams,
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": variant.stock,
        "Variant Inventory Policy": "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Price": _money(variant.price),
        "Variant Compare At Price": _money(variant.compare_at_price),
        "Variant Requires Shipping": "true",
        "Variant Taxable": "true",
        "Variant Weight Unit": "g",
    }


def _money(amount: Decimal | None) -> Any:
    """As a number: a spreadsheet may count with it."""
    return "" if amount is None else amount.quantize(Decimal("0.01"))


def _image(image: ProductImage, position: int) -> Row:
    """From our own address: the one it was fetched from may be gone by then."""
    return {"Image Src": absolute(image.image.url), "Image Position": position, "Image Alt Text": image.alt}
