"""What search engines read of a product and its place, after schema.org."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from core import site_address
from core.richtext import plain_text
from ecommerce.models import Product, Variant


def product(product: Product) -> dict[str, Any]:
    variants = list(product.variants.all())
    data = {
        "@type": "Product",
        "name": product.title,
        "url": _url(product),
        "description": product.summary or plain_text(product.description)[:500],
        "category": product.category.title,
        "image": [site_address.absolute(image.image.url) for image in product.images.all()],
        "offers": _offers(product, variants),
    }
    if len(variants) == 1:
        data["sku"] = variants[0].sku
    return {name: value for name, value in data.items() if value}


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """From pairs of a name and a path."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": site_address.absolute(path)}
        for number, (name, path) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _offers(product: Product, variants: list[Variant]) -> dict[str, Any] | list[dict[str, Any]]:
    single = [_offer(product, variant) for variant in variants]
    if not product.has_price_range:
        return single[0] if len(single) == 1 else single
    return {
        "@type": "AggregateOffer",
        "lowPrice": product.price_from,
        "highPrice": product.price_to,
        "priceCurrency": settings.CURRENCY,
        "offerCount": len(single),
        "availability": _availability(product.in_stock),
        "offers": single,
    }


def _offer(product: Product, variant: Variant) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "sku": variant.sku,
        "name": str(variant.title or product.title),
        "price": variant.price,
        "priceCurrency": settings.CURRENCY,
        "availability": _availability(variant.is_available),
        "url": f"{_url(product)}?variant={variant.sku}" if variant.title else _url(product),
    }


def _availability(available: bool) -> str:
    return "https://schema.org/InStock" if available else "https://schema.org/OutOfStock"


def _url(product: Product) -> str:
    return site_address.absolute(product.get_absolute_url())
