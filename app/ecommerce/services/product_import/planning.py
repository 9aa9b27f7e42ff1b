"""What a product of the file would do to the catalogue. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.site_address import absolute
from ecommerce.models import Product, ProductImage, Variant
from ecommerce.services.categories import Tree

from .parsing import PictureData, ProductData, VariantData, made_sku

IMPORTED = "Imported"  # where products go that name no category


@dataclass
class Plan:
    data: ProductData
    product: Product | None  # None: it is new
    variants: list[tuple[VariantData, Variant | None]] = field(default_factory=list)
    skus: dict[int, str] = field(default_factory=dict)  # by the variant's line
    going: list[Variant] = field(default_factory=list)  # those that no longer fit the product's options
    new_pictures: list[PictureData] = field(default_factory=list)
    known_pictures: list[tuple[PictureData, ProductImage]] = field(default_factory=list)


def make(data: ProductData, *, lock: bool = False) -> Plan:
    """Adds to the data's problems what only the catalogue can tell. At most four queries.

    With ``lock`` the variants are kept from buyers until the caller's transaction ends, a moment later.
    """
    product = Product.objects.filter(slug=data.slug).first()
    plan = Plan(data, product)
    existing = _variants(product, lock=lock) if product else []
    _match_variants(plan, existing)
    _say_what_becomes_of_the_others(plan, existing)
    _refuse_foreign_skus(plan)
    _match_pictures(plan)
    return plan


def exists(data: ProductData) -> bool:
    return Product.objects.filter(slug=data.slug).exists()


def missing_categories(data: ProductData, *, is_new: bool, tree: Tree) -> list[str]:
    """The paths of the categories that would be made for it."""
    path = data.category or ([_(IMPORTED)] if is_new else [])
    found = find_category(path, tree) if path else []
    return [" > ".join(path[: number + 1]) for number in range(len(found), len(path))]


def find_category(path: list[str], tree: Tree) -> list[int]:
    """The keys of those that exist, from the root down. A single name is looked for in the whole tree."""
    if len(path) == 1:
        same = [node.pk for node in tree if node.title.casefold() == path[0].casefold()]
        return same[:1]
    found: list[int] = []
    for name in path:
        below = tree.children(found[-1] if found else None)
        same = [node.pk for node in below if node.title.casefold() == name.casefold()]
        if not same:
            break
        found.append(same[0])
    return found


def _variants(product: Product, *, lock: bool) -> list[Variant]:
    variants = product.variants.order_by("pk")  # the order in which orders lock them as well
    return list(variants.select_for_update() if lock else variants)


def _match_variants(plan: Plan, existing: list[Variant]) -> None:
    """By SKU; by option values where the file has no SKU, or one that the product does not know yet."""
    by_sku = {variant.sku.casefold(): variant for variant in existing}
    by_title = {variant.title.casefold(): variant for variant in existing}
    matched = {data.line: by_sku.pop(data.sku.casefold(), None) for data in plan.data.variants if data.sku}
    taken = {variant.pk for variant in matched.values() if variant}
    for data in plan.data.variants:
        variant = matched.get(data.line)
        if variant is None:
            alike = by_title.get(data.title.casefold())
            variant = alike if alike and alike.pk not in taken else None
            taken |= {variant.pk} if variant else set()
        plan.variants.append((data, variant))
        plan.skus[data.line] = data.sku or (variant.sku if variant else made_sku(plan.data, data))


def _say_what_becomes_of_the_others(plan: Plan, existing: list[Variant]) -> None:
    kept = {variant.pk for _data, variant in plan.variants if variant}
    titles = {data.title.casefold() for data in plan.data.variants}
    for variant in existing:
        if variant.pk in kept:
            continue
        name = variant.title or variant.sku
        if len(variant.option_values) == len(plan.data.option_names) and variant.title.casefold() not in titles:
            message = _("The variant “%(name)s” is not in the file and stays as it is.")
        else:
            message = _("The variant “%(name)s” no longer fits the options of the product and is removed.")
            plan.going.append(variant)
        plan.data.warn(plan.data.line, message % {"name": name})


def _refuse_foreign_skus(plan: Plan) -> None:
    wanted = {sku.casefold(): line for line, sku in plan.skus.items()}
    spellings = [spelling for sku in plan.skus.values() for spelling in (sku, sku.upper(), sku.lower())]
    foreign = Variant.objects.filter(sku__in=spellings).select_related("product")
    if plan.product:
        foreign = foreign.exclude(product=plan.product)
    for variant in foreign:
        line = wanted.get(variant.sku.casefold(), plan.data.line)
        plan.data.error(
            line,
            _("The SKU “%(sku)s” belongs to another product, “%(title)s”.")
            % {"sku": variant.sku, "title": variant.product.title},
        )


def _match_pictures(plan: Plan) -> None:
    """A picture that was fetched from there before, or that is ours, is not fetched again."""
    images = list(plan.product.images.all()) if plan.product and plan.data.pictures else []
    by_url = _by_url(images)
    for picture in plan.data.pictures:
        image = by_url.get(picture.url)
        if image is None:
            plan.new_pictures.append(picture)
        else:
            plan.known_pictures.append((picture, image))


def _by_url(images: Iterable[ProductImage]) -> dict[str, ProductImage]:
    return {
        url: image
        for image in images
        for url in (image.source_url, absolute(image.image.url) if image.image else "")
        if url
    }
