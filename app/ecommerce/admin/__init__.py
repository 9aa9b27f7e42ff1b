"""The admin of the catalogue."""

from . import category, product, tax_rate

__all__ = ["category", "product", "tax_rate"]
