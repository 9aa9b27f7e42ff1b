"""The admin of the shop."""

from . import category, invoice, order, product, product_import, tax_rate

__all__ = ["category", "invoice", "order", "product", "product_import", "tax_rate"]
