from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.admin.pictures import thumbnail
from core.admin.publishing import PUBLICATION, PublicationFilter, PublishableAdmin
from core.admin.richtext import RichTextAdmin
from core.generics import AnyInlineFormSet, AnyTabularInline
from core.templatetags.money import money
from ecommerce import options
from ecommerce.models import Product, ProductImage, Variant

from .category import as_tree
from .product_export import ExportMixin
from .words import WordListField


class StockFilter(admin.SimpleListFilter):
    title = _("stock")
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("low", _("A variant is low")), ("none", _("Sold out")), ("some", _("In stock"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        match self.value():
            case "low":
                return low_in_stock(queryset)
            case "none":
                return queryset.filter(in_stock=False)
            case "some":
                return queryset.filter(in_stock=True)
            case _:
                return queryset


def low_in_stock(products: QuerySet[Product]) -> QuerySet[Product]:
    """Those that can be bought, but not for long: a variant has few pieces left, or none while others have."""
    scarce = Variant.objects.filter(product=OuterRef("pk"), stock__lte=settings.LOW_STOCK_THRESHOLD)
    return products.filter(Exists(scarce), in_stock=True)


class VariantFormSet(AnyInlineFormSet):
    default_error_messages = {
        "too_few_forms": _("A product needs at least one variant: that is what has a price and a stock."),
    }

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            values = form.cleaned_data.get("option_values") if hasattr(form, "cleaned_data") else None
            if values is None or form in self.deleted_forms:
                continue
            title = options.title(values).casefold()
            if title in seen:
                form.add_error("option_values", ValidationError(_("Two variants cannot have the same option values.")))
            seen.add(title)


class VariantInline(AnyTabularInline):
    model = Variant
    formset = VariantFormSet
    fields = ["option_values", "sku", "price", "compare_at_price", "stock", "weight_grams", "position"]
    formfield_overrides = {
        models.JSONField: {
            "form_class": WordListField,
            "help_text": _("One for each option, with commas: Small, Blue."),
        }
    }
    extra = 0
    min_num = 1
    validate_min = True

    def get_formset(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"validate_min": True, **kwargs})


class ProductImageInline(AnyTabularInline):
    model = ProductImage
    fields = ["preview", "image", "alt", "position"]
    readonly_fields = ["preview"]
    extra = 0

    @admin.display(description=_("preview"))
    def preview(self, image: ProductImage) -> SafeString:
        return thumbnail(image.image, alt=image.alt)


@admin.register(Product)
class ProductAdmin(ExportMixin, RichTextAdmin, PublishableAdmin):
    list_display = ["picture", "title", "publication", "category", "price_range", "pieces", "featured"]
    list_display_links = ["picture", "title"]
    list_filter = [PublicationFilter, StockFilter, "featured", "category", "tags"]
    list_select_related = ["category"]
    list_per_page = 50
    search_fields = ["title", "summary", "variants__sku"]
    search_help_text = _("Words of the title or the summary, or a SKU.")
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["tags"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "description"]}),
        (_("Filed under"), {"fields": ["category", "tax_rate", "tags", "featured"]}),
        (_("Options"), {"fields": ["option_names"]}),
        PUBLICATION,
    ]
    formfield_overrides = {
        models.JSONField: {
            "form_class": WordListField,
            "help_text": _("What the variants differ in, with commas: Size, Colour. Empty where there is one variant."),
        }
    }
    inlines = [VariantInline, ProductImageInline]
    actions = [*PublishableAdmin.actions, "export_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        stock = Variant.objects.filter(product=OuterRef("pk")).order_by().values("product").annotate(n=Sum("stock"))
        products: QuerySet[Product] = super().get_queryset(request)
        return products.prefetch_related("images").annotate(number=Subquery(stock.values("n")))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "category" and isinstance(field, forms.ModelChoiceField):
            as_tree(field)
        return field

    @admin.display(description=_("picture"))
    def picture(self, product: Product) -> SafeString:
        first = next(iter(product.images.all()), None)
        return thumbnail(first.image if first else None)

    @admin.display(description=_("price"), ordering="price_from")
    def price_range(self, product: Product) -> str:
        if product.price_from == product.price_to:
            return money(product.price_from)
        return f"{money(product.price_from)} – {money(product.price_to)}"

    @admin.display(description=_("stock"), ordering="number")
    def pieces(self, product: Any) -> SafeString | int:
        number = int(product.number or 0)
        if number > settings.LOW_STOCK_THRESHOLD:
            return number
        return format_html('<span class="state state--{}">{}</span>', "low" if number else "none", number)
