"""From rows to products: the rows of a product stand together, the first says what all share."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from core.services.file_imports import Problem
from ecommerce import options

from . import values
from .reading import Row

LONGEST_TITLE = 255
LONGEST_SLUG = 100
LONGEST_SKU = 64
LONGEST_SUMMARY = 200
LONGEST_ALT = 200
LONGEST_TAG = 50
LONGEST_URL = 500
LONGEST_CATEGORY = 255

_LOST_IN_TEXT = re.compile(r"<\s*(img|iframe|video|embed|object)\b", re.IGNORECASE)
Value = TypeVar("Value")


@dataclass(frozen=True)
class VariantData:
    line: int
    option_values: list[str]
    sku: str  # empty: the shop keeps the one it has, or makes one
    price: Decimal
    compare_at_price: Decimal | None
    stock: int | None  # None: the file does not say
    weight_grams: int | None

    @property
    def title(self) -> str:
        return options.title(self.option_values)


@dataclass(frozen=True)
class PictureData:
    line: int
    url: str
    alt: str
    position: int


@dataclass
class ProductData:
    """None stands for what the file does not say; it stays as it is."""

    line: int
    handle: str
    slug: str
    title: str = ""
    description: str | None = None
    summary: str | None = None
    tags: list[str] | None = None
    category: list[str] | None = None  # from the root of the tree down
    published: bool | None = None
    says_compare_at: bool = False
    option_names: list[str] = field(default_factory=list)
    variants: list[VariantData] = field(default_factory=list)
    pictures: list[PictureData] = field(default_factory=list)
    is_gift_card: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return any(problem.level == "error" for problem in self.problems)

    def error(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, "error", message, self.handle))

    def warn(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, "warning", message, self.handle))


def products(rows: Iterable[Row]) -> Iterator[ProductData]:
    """Every product of the file, its problems with it. Memory: one product, and the handles and SKUs seen so far."""
    seen = _Seen()
    for handle, group in groupby(rows, key=lambda row: row["handle"].strip()):
        product = _product(handle, list(group))
        seen.check(product)
        yield product


class _Seen:
    """What may stand in a file only once. Case is no difference: MySQL sees none."""

    def __init__(self) -> None:
        self._slugs: dict[str, int] = {}
        self._skus: dict[str, int] = {}

    def check(self, product: ProductData) -> None:
        if (line := self._slugs.setdefault(product.slug, product.line)) != product.line:
            product.error(
                product.line,
                _("The handle “%(handle)s” stands on line %(line)s already, and other products stand between.")
                % {"handle": product.handle, "line": line},
            )
        for variant in product.variants:
            self._check_sku(product, variant)

    def _check_sku(self, product: ProductData, variant: VariantData) -> None:
        if variant.sku and (line := self._skus.setdefault(variant.sku.casefold(), variant.line)) != variant.line:
            product.error(
                variant.line,
                _("The SKU “%(sku)s” stands on line %(line)s already.") % {"sku": variant.sku, "line": line},
            )


def slug_for(handle: str) -> str:
    """The last part of the product's address: the handle, as far as an address can have its letters."""
    slug = handle.lower() if re.fullmatch(r"[-a-zA-Z0-9_]+", handle) else slugify(handle)
    if slug and len(slug) <= LONGEST_SLUG:
        return slug
    return f"{slug[: LONGEST_SLUG - 11] or 'product'}-{_digest(handle)}"


def made_sku(product: ProductData, variant: VariantData) -> str:
    """For a variant without one: always the same for the same handle and options."""
    readable = slugify("-".join([product.slug, *variant.option_values]))
    # Two option values can look alike once their accents and signs are gone.
    alike = [
        other
        for other in product.variants
        if slugify("-".join(other.option_values)) == slugify("-".join(variant.option_values))
    ]
    if len(readable) <= LONGEST_SKU and len(alike) == 1:
        return readable
    return f"{readable[: LONGEST_SKU - 11]}-{_digest(product.handle, *variant.option_values)}"


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:10]


def _product(handle: str, rows: Sequence[Row]) -> ProductData:
    first = rows[0]
    product = ProductData(first.line, handle, slug_for(handle))
    if not handle:
        product.error(first.line, _("The handle is missing. It says which product a line belongs to."))
        return product
    if _read(product, first, _is_gift_card, default=False):
        product.is_gift_card = True
        product.warn(first.line, _("Gift cards are not sold here: left out."))
        return product
    _refuse_extra_cells(product, rows)
    _read_shared(product, first)
    _read_options(product, first)
    _read_variants(product, rows)
    _read_pictures(product, rows)
    return product


def _read(product: ProductData, row: Row, read: Callable[[Row], Value], *, default: Value) -> Value:
    """What the cell says; an error of the product where it says nothing that can be understood."""
    try:
        return read(row)
    except ValueError as error:
        product.error(row.line, str(error))
        return default


def _is_gift_card(row: Row) -> bool:
    return values.yes_or_no(row["gift_card"], column=_("Gift Card"), empty=False)


def _refuse_extra_cells(product: ProductData, rows: Sequence[Row]) -> None:
    for row in rows:
        if row.extra_cells:
            product.error(
                row.line, _("The line has more cells than the first line has columns. Is a quotation mark missing?")
            )


def _read_shared(product: ProductData, row: Row) -> None:
    product.title = " ".join(row["title"].split())
    if not product.title:
        product.error(row.line, _("The title is missing."))
    elif len(product.title) > LONGEST_TITLE:
        product.error(row.line, _("The title is longer than %(limit)s letters.") % {"limit": LONGEST_TITLE})
    if product.slug != product.handle:
        product.warn(row.line, _("The address of the product ends in “%(slug)s”.") % {"slug": product.slug})
    product.published = _read(product, row, _published, default=None)
    product.says_compare_at = row.has("compare_at_price")
    product.summary = _shortened(product, row.line, row["seo_description"], LONGEST_SUMMARY, _("SEO description"))
    _read_description(product, row)
    _read_tags(product, row)
    _read_category(product, row)


def _published(row: Row) -> bool | None:
    """None where the file has neither column. Either of them can hide the product."""
    if not row.has("published") and not row.has("status"):
        return None
    return values.yes_or_no(row["published"], column=_("Published"), empty=True) & values.is_active(row["status"])


def _shortened(product: ProductData, line: int, cell: str, limit: int, column: str) -> str:
    text = " ".join(cell.split())
    if len(text) <= limit:
        return text
    product.warn(
        line, _("%(column)s is longer than %(limit)s letters: shortened.") % {"column": column, "limit": limit}
    )
    return Truncator(text).chars(limit)


def _read_description(product: ProductData, row: Row) -> None:
    if not row.has("description"):
        return
    product.description = row["description"].strip()
    if _LOST_IN_TEXT.search(product.description):
        product.warn(row.line, _("Pictures, films and frames within the description are left out."))


def _read_tags(product: ProductData, row: Row) -> None:
    if not row.has("tags"):
        return
    tags: dict[str, str] = {}
    for tag in (" ".join(part.split()) for part in row["tags"].split(",")):
        if len(tag) > LONGEST_TAG:
            product.warn(row.line, _("The tag “%(tag)s” is too long: left out.") % {"tag": Truncator(tag).chars(40)})
        elif tag:
            tags.setdefault(tag.casefold(), tag)
    product.tags = list(tags.values())


def _read_category(product: ProductData, row: Row) -> None:
    """By Type; by Shopify's own tree where that ends in the same word, or where there is no type."""
    path = [" ".join(part.split())[:LONGEST_CATEGORY] for part in row["product_category"].split(">")]
    path = [part for part in path if part]
    name = " ".join(row["type"].split())[:LONGEST_CATEGORY]
    if name and not (path and path[-1].casefold() == name.casefold()):
        path = [name]
    product.category = path or None


def _read_options(product: ProductData, row: Row) -> None:
    names = [" ".join(row[f"option{number}_name"].split()) for number in (1, 2, 3)]
    while names and not names[-1]:
        names.pop()
    if _has_no_options(names, row):
        names = []
    product.option_names = names
    try:
        options.validate_names(names)
    except ValidationError as error:
        product.error(row.line, " ".join(error.messages))


def _has_no_options(names: Sequence[str], row: Row) -> bool:
    """What Shopify writes for a product that comes in one version only."""
    return [name.casefold() for name in names] in ([], ["title"]) and row["option1_value"].strip().casefold() in {
        "",
        "default title",
    }


def _read_variants(product: ProductData, rows: Sequence[Row]) -> None:
    titles: dict[str, int] = {}
    for number, row in enumerate(rows):
        if number and not _is_variant(row):
            continue
        variant = _variant(product, row)
        if variant is None:
            continue
        if (line := titles.setdefault(variant.title.casefold(), row.line)) != row.line:
            product.error(row.line, _same_variant(variant, line))
        product.variants.append(variant)


def _is_variant(row: Row) -> bool:
    """A row that has none of these only adds a picture."""
    return any(row[name].strip() for name in ("option1_value", "option2_value", "option3_value", "sku", "price"))


def _same_variant(variant: VariantData, line: int) -> str:
    if not variant.option_values:
        return _("The product has no options, so it cannot have a second variant beside that of line %(line)s.") % {
            "line": line
        }
    return _("The variant “%(title)s” stands on line %(line)s already.") % {"title": variant.title, "line": line}


def _variant(product: ProductData, row: Row) -> VariantData | None:
    before = len(product.problems)
    price = _read(product, row, _price, default=Decimal(0))
    variant = VariantData(
        line=row.line,
        option_values=_option_values(product, row),
        sku=_sku(product, row),
        price=price,
        compare_at_price=_compare_at_price(product, row, price),
        stock=_stock(product, row),
        weight_grams=_read(product, row, _weight, default=None),
    )
    _warn_of_policy(product, row)
    failed = any(problem.level == "error" for problem in product.problems[before:])
    return None if failed else variant


def _price(row: Row) -> Decimal:
    if not row["price"].strip():
        raise ValueError(_("The price is missing."))
    return values.money(row["price"], column=_("The price"))


def _option_values(product: ProductData, row: Row) -> list[str]:
    given = [" ".join(row[f"option{number}_value"].split()) for number in (1, 2, 3)]
    if not product.option_names and given[0].casefold() in {"", "default title"}:
        return []
    wanted = given[: len(product.option_names)]
    for name, value in zip(product.option_names, wanted, strict=True):
        if not value:
            product.error(row.line, _("There is no value for the option “%(name)s”.") % {"name": name})
    if any(given[len(product.option_names) :]):
        product.error(row.line, _("There is a value for an option that has no name on the product’s first line."))
    if len(options.title(wanted)) > options.TITLE_LENGTH:
        product.error(
            row.line,
            _("Together the option values have more than %(limit)s letters.") % {"limit": options.TITLE_LENGTH},
        )
    return wanted


def _sku(product: ProductData, row: Row) -> str:
    # Shopify's own export puts an apostrophe before a SKU, so that spreadsheets keep its zeros.
    sku = row["sku"].strip().removeprefix("'")
    if len(sku) > LONGEST_SKU:
        product.error(row.line, _("The SKU is longer than %(limit)s letters.") % {"limit": LONGEST_SKU})
    return sku


def _compare_at_price(product: ProductData, row: Row, price: Decimal) -> Decimal | None:
    if not row["compare_at_price"].strip():
        return None
    earlier = _read(
        product,
        row,
        lambda row: values.money(row["compare_at_price"], column=_("The compare-at price")),
        default=None,
    )
    if earlier is None or earlier > price:
        return earlier
    if earlier:  # Shopify writes 0 for none
        product.warn(row.line, _("The compare-at price is not above the price: left out."))
    return None


def _stock(product: ProductData, row: Row) -> int | None:
    if not row["quantity"].strip():
        return None
    stock = _read(
        product, row, lambda row: values.whole_number(row["quantity"], column=_("The inventory quantity")), default=0
    )
    if stock < 0:
        product.warn(row.line, _("The inventory quantity is below zero: taken as 0."))
    return max(stock, 0)


def _weight(row: Row) -> int | None:
    if row["grams"].strip():
        return values.weight(row["grams"], unit="g", column=_("The weight"))
    if row["weight"].strip():
        return values.weight(row["weight"], unit=row["weight_unit"], column=_("The weight"))
    return None


def _warn_of_policy(product: ProductData, row: Row) -> None:
    if row["policy"].strip().lower() in {"continue", "true", "yes"}:
        product.warn(row.line, _("Shopify sells this beyond its stock. This shop sells only what it has."))


def _read_pictures(product: ProductData, rows: Sequence[Row]) -> None:
    pictures: dict[str, PictureData] = {}
    for row in rows:
        url = row["picture_url"].strip()
        if not url:
            continue
        if len(url) > LONGEST_URL:
            product.warn(row.line, _("The address of the picture is too long: left out."))
            continue
        pictures.setdefault(url, _picture(product, row, url, number=len(pictures) + 1))
    product.pictures = sorted(pictures.values(), key=lambda picture: picture.position)


def _picture(product: ProductData, row: Row, url: str, *, number: int) -> PictureData:
    given = row["picture_position"].strip()
    position = int(given) if re.fullmatch(r"\d{1,4}", given, re.ASCII) else number
    return PictureData(
        row.line, url, _shortened(product, row.line, row["picture_alt"], LONGEST_ALT, _("Image Alt Text")), position
    )
