from .address_book import SavedAddress
from .cart import Cart, CartLine
from .catalogue import Category, Product, ProductImage, ProductQuerySet, TaxRate, Variant
from .coupon import Coupon
from .invoice import Invoice, InvoiceSequence
from .order import Order, OrderAddress, OrderEvent, OrderLine
from .payment import Refund, RefundLine, StripeEvent, StripeSession
from .product_import import ProductImport
from .shipping import ShippingMethod

__all__ = [
    "Cart",
    "CartLine",
    "Category",
    "Coupon",
    "Invoice",
    "InvoiceSequence",
    "Order",
    "OrderAddress",
    "OrderEvent",
    "OrderLine",
    "Product",
    "ProductImage",
    "ProductImport",
    "ProductQuerySet",
    "Refund",
    "RefundLine",
    "SavedAddress",
    "ShippingMethod",
    "StripeEvent",
    "StripeSession",
    "TaxRate",
    "Variant",
]
