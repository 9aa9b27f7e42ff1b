"""What the demo content is written in: plain values, made into rows by the loader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class CategorySpec:
    slug: str
    title: str
    description: str
    parent: str = ""


@dataclass(frozen=True)
class VariantSpec:
    sku: str
    price: Decimal
    stock: int
    grams: int
    values: tuple[str, ...] = ()
    was: Decimal | None = None


@dataclass(frozen=True)
class PictureSpec:
    """A picture by its name in the drawings, and what it shows."""

    name: str
    alt: str


@dataclass(frozen=True)
class ProductSpec:
    """``days`` is how long ago it was published; below zero, it will be. ``None`` is a draft."""

    slug: str
    title: str
    category: str
    summary: str
    description: str
    days: int | None
    pictures: tuple[PictureSpec, ...]
    variants: tuple[VariantSpec, ...]
    options: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tax: str = "Standard"
    featured: bool = False


@dataclass(frozen=True)
class AuthorSpec:
    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True)
class PostSpec:
    slug: str
    title: str
    summary: str
    body: str
    author: str
    days: int | None
    cover: PictureSpec
    tags: tuple[str, ...]


@dataclass(frozen=True)
class PageSpec:
    slug: str
    title: str
    description: str
    body: str


@dataclass(frozen=True)
class TestimonialSpec:
    author_name: str
    author_role: str
    quote: str
    rating: int = 5


@dataclass(frozen=True)
class MessageSpec:
    name: str
    email: str
    subject: str
    message: str
    days: int
    handled: bool = False


@dataclass(frozen=True)
class ShippingSpec:
    """A way to send things, to these countries."""

    name: str
    description: str
    price: Decimal
    countries: tuple[str, ...]
    free_from: Decimal | None = None
    tax: str = "Standard"


@dataclass(frozen=True)
class CouponSpec:
    code: str
    is_percent: bool
    value: Decimal
    minimum: Decimal = Decimal(0)
    uses_per_customer: int | None = None


def variant(sku: str, price: str, stock: int, grams: int, *values: str, was: str | None = None) -> VariantSpec:
    return VariantSpec(f"HM-{sku}", Decimal(price), stock, grams, values, Decimal(was) if was else None)


def pictures(*pairs: tuple[str, str]) -> tuple[PictureSpec, ...]:
    return tuple(PictureSpec(name, alt) for name, alt in pairs)


def skus(spec: ProductSpec) -> Sequence[str]:
    return [variant.sku for variant in spec.variants]
