"""Puts the demo's products, their variants and their pictures into the catalogue."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from core.models import Tag
from ecommerce import options
from ecommerce.models import Category, Product, ProductImage, TaxRate, Variant
from ecommerce.services import catalogue, search

from . import pictures
from .prose import to_html
from .run import Run, assign
from .specs import PictureSpec, ProductSpec, VariantSpec, skus


def exists(spec: ProductSpec) -> bool:
    """Found by its slug, or by an SKU where staff gave it another slug."""
    return _find(spec) is not None


def _find(spec: ProductSpec) -> Product | None:
    found: Product | None = (
        Product.objects.filter(Q(slug=spec.slug) | Q(variants__sku__in=skus(spec))).order_by("pk").first()
    )
    return found


def picture_paths(spec: ProductSpec) -> list[str]:
    return [f"products/{spec.slug}-{number}.jpg" for number in range(1, len(spec.pictures) + 1)]


def load_product(run: Run, spec: ProductSpec) -> None:
    product = _find(spec)
    created = product is None
    stored = _store_pictures(run, spec, product)
    with transaction.atomic():
        product = _write_product(run, product or Product(slug=spec.slug), spec)
        _write_variants(product, spec)
        _write_images(product, spec, stored)
    run.count("products", created=created)


def _store_pictures(run: Run, spec: ProductSpec, product: Product | None) -> dict[str, pictures.Stored]:
    """Draw what is missing, before the transaction: a file may be far away, and drawing takes its time."""
    kept = set(product.images.values_list("image", flat=True)) if product else set()
    wanted = zip(spec.pictures, picture_paths(spec), strict=True)
    return {
        path: run.store(picture.name, path)
        for picture, path in wanted
        if path not in kept or not pictures.exists(path)
    }  # fmt: skip


def _write_product(run: Run, product: Product, spec: ProductSpec) -> Product:
    assign(product, title=spec.title, summary=spec.summary, description=to_html(spec.description))
    assign(product, category=Category.objects.get(slug=spec.category), tax_rate=TaxRate.objects.get(name=spec.tax))
    assign(product, featured=spec.featured, option_names=list(spec.options), **run.publication(spec.days))
    product.save()
    product.tags.set([Tag.objects.get_or_create(name=name)[0] for name in spec.tags])
    return product


def _write_variants(product: Product, spec: ProductSpec) -> None:
    stored = {variant.sku: variant for variant in Variant.objects.filter(sku__in=skus(spec))}
    others = set(product.variants.exclude(sku__in=skus(spec)).values_list("title", flat=True))
    for position, wanted in enumerate(spec.variants):
        variant = stored.get(wanted.sku) or Variant(sku=wanted.sku, product=product)
        if options.title(wanted.values) in others or variant.product_id != product.pk:
            continue  # staff made one like it, or moved it: theirs counts
        _fill(variant, wanted, position)
        variant.save()
    catalogue.refresh([product.pk])
    search.index([product.pk])


def _fill(variant: Variant, wanted: VariantSpec, position: int) -> None:
    variant.option_values = list(wanted.values)
    variant.price, variant.compare_at_price = wanted.price, wanted.was
    variant.stock, variant.weight_grams, variant.position = wanted.stock, wanted.grams, position


def _write_images(product: Product, spec: ProductSpec, stored: dict[str, pictures.Stored]) -> None:
    rows = {row.image.name: row for row in product.images.all()}
    for position, (picture, path) in enumerate(zip(spec.pictures, picture_paths(spec), strict=True)):
        row = rows.get(path) or _new_image(product, stored[path])
        _describe(row, picture, position)


def _new_image(product: Product, stored: pictures.Stored) -> ProductImage:
    # The size is known here, so that nothing has to open the file to measure it.
    return ProductImage(
        product=product, image=stored.name, image_width=stored.width, image_height=stored.height
    )  # fmt: skip


def _describe(row: ProductImage, picture: PictureSpec, position: int) -> None:
    row.alt, row.position = picture.alt, position
    row.save()
