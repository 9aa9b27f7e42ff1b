"""The words of the demo: everything that visitors read, written for it."""

from __future__ import annotations

from . import garden, kitchen, light, table, textiles
from .blog import AUTHORS, POSTS
from .categories import CATEGORIES, TAX_RATES
from .pages import PAGES
from .selling import COUPONS, SHIPPING
from .voices import MESSAGES, SUBSCRIBERS, TESTIMONIALS

PRODUCTS = [*kitchen.PRODUCTS, *table.PRODUCTS, *textiles.PRODUCTS, *light.PRODUCTS, *garden.PRODUCTS]

__all__ = [
    "AUTHORS",
    "CATEGORIES",
    "COUPONS",
    "MESSAGES",
    "PAGES",
    "POSTS",
    "PRODUCTS",
    "SHIPPING",
    "SUBSCRIBERS",
    "TAX_RATES",
    "TESTIMONIALS",
]
