from .catalogue import Category, Product, ProductImage, ProductQuerySet, TaxRate, Variant

__all__ = ["Category", "Product", "ProductImage", "ProductQuerySet", "TaxRate", "Variant"]
