"""The admin of the shop."""

from . import category, coupon, invoice, order, payment, product, product_import, shipping_method, tax_rate

__all__ = [
    "category",
    "coupon",
    "invoice",
    "order",
    "payment",
    "product",
    "product_import",
    "shipping_method",
    "tax_rate",
]
