"""The admin of the catalogue."""

from . import category, product, product_import, tax_rate

__all__ = ["category", "product", "product_import", "tax_rate"]
