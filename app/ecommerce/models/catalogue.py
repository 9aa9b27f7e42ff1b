"""What is for sale. Money is Decimal with two places, in settings.CURRENCY."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from pictures.models import PictureField

from core.models import PublishableModel, PublishableQuerySet, Tag, TitledModel
from core.richtext import plain_text, rich_text_field
from ecommerce import options, words


class TaxRate(models.Model):
    """A rate of value added tax, in percent."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    percent = models.DecimalField(
        _("percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )

    class Meta:
        ordering = ["-percent"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100), name="taxrate_percent_from_0_to_100"
            )
        ]
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")

    def __str__(self) -> str:
        return f"{self.name} ({self.percent.normalize():f} %)"


class Category(TitledModel):
    """A place in the catalogue's tree. The tree is small, so it is read whole (see services.categories)."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "title"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def get_absolute_url(self) -> str:
        return reverse("ecommerce:category", kwargs={"slug": self.slug})

    def clean(self) -> None:
        super().clean()
        self._refuse_circle()

    def _refuse_circle(self) -> None:
        if self._state.adding:
            return
        seen: set[int | None] = set()
        above = self.parent
        while above is not None and above.pk not in seen:
            if above.pk == self.pk:
                message = _("A category cannot stand below itself or below one of its own subcategories.")
                raise ValidationError({"parent": message})
            seen.add(above.pk)
            above = above.parent


class ProductQuerySet(PublishableQuerySet):
    def in_stock(self) -> Self:
        return self.filter(in_stock=True)


ProductManager = models.Manager.from_queryset(ProductQuerySet)


class Product(index.Indexed, TitledModel, PublishableModel):
    """Something for sale, in one or more variants. What has a price and a stock is the variant."""

    summary = models.CharField(_("summary"), max_length=200, blank=True, help_text=_("One line, shown in lists."))
    description = rich_text_field(_("description"), blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="products", verbose_name=_("category")
    )
    tags = models.ManyToManyField(Tag, related_name="products", blank=True, verbose_name=_("tags"))
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="products", verbose_name=_("tax rate"))
    featured = models.BooleanField(_("featured"), default=False, help_text=_("Shown on the home page."))
    option_names = models.JSONField(
        _("options"), default=list, blank=True, help_text=_('What the variants differ in, for example ["Size"].')
    )
    # Summaries of the variants, so that a list is filtered and sorted by indexed columns of one table.
    # services.catalogue.refresh keeps them.
    price_from = models.DecimalField(_("price from"), max_digits=10, decimal_places=2, default=0, editable=False)
    price_to = models.DecimalField(_("price to"), max_digits=10, decimal_places=2, default=0, editable=False)
    in_stock = models.BooleanField(_("in stock"), default=False, editable=False)
    on_sale = models.BooleanField(_("on sale"), default=False, db_default=False, editable=False)

    objects: ClassVar[ProductManager[Product]] = ProductManager()  # type: ignore[assignment]  # narrower than ActivatorModel's

    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("summary", boost=2),
        index.SearchField("description_text"),
        index.SearchField("singular_words"),
        index.RelatedFields("category", [index.SearchField("title")]),
        index.RelatedFields("tags", [index.SearchField("name")]),
        index.FilterField("id"),
        index.FilterField("status"),
        index.FilterField("activate_date"),
        index.FilterField("deactivate_date"),
        index.FilterField("category_id"),
        index.FilterField("price_from"),
        index.FilterField("in_stock"),
    ]

    class Meta:
        ordering = ["-activate_date", "-pk"]
        indexes = [
            models.Index(fields=["status", "activate_date"], name="product_newest"),
            models.Index(fields=["status", "price_from"], name="product_cheapest"),
            models.Index(fields=["status", "title"], name="product_title"),
            models.Index(fields=["category", "status", "activate_date"], name="product_category_newest"),
            models.Index(fields=["status", "featured", "activate_date"], name="product_featured"),
        ]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def get_absolute_url(self) -> str:
        return reverse("ecommerce:product", kwargs={"slug": self.slug})

    def clean(self) -> None:
        super().clean()
        try:
            options.validate_names(self.option_names)
        except ValidationError as error:
            raise ValidationError({"option_names": error.messages}) from error

    def description_text(self) -> str:
        """What the search index holds: without tags, or a search for “strong” would find half of the shop."""
        return plain_text(self.description)

    def singular_words(self) -> str:
        """Every word of the index again, without its plural: what a search asks for."""
        tags = (tag.name for tag in self.tags.all())
        return words.singulars(
            " ".join([self.title, self.summary, self.description_text(), self.category.title, *tags])
        )

    @property
    def has_price_range(self) -> bool:
        return self.price_from != self.price_to

    @property
    def picture(self) -> ProductImage | None:
        """The first picture. It costs a query only where neither `selectors.cards` nor a prefetch has loaded it."""
        loaded: list[ProductImage] | None = getattr(self, "first_images", None)
        images = loaded if loaded is not None else self.images.all()
        return next(iter(images), None)


class Variant(models.Model):
    """One buyable version of a product, with its own SKU, price and stock."""

    loaded_product_id: int | None = None

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants", verbose_name=_("product"))
    sku = models.CharField(_("SKU"), max_length=64, unique=True)
    option_values = models.JSONField(
        _("option values"), default=list, blank=True, help_text=_("One value for each option of the product, in order.")
    )
    title = models.CharField(
        _("title"), max_length=150, blank=True, editable=False, help_text=_("The option values, joined by “ / ”.")
    )
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal(0))])
    compare_at_price = models.DecimalField(
        _("compare-at price"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("The earlier price, shown struck through. It must be above the price."),
    )
    stock = models.PositiveIntegerField(_("stock"), default=0, help_text=_("Pieces that can be sold now."))
    low_stock_told = models.BooleanField(
        _("staff were told of low stock"), default=False, db_default=False, editable=False
    )
    weight_grams = models.PositiveIntegerField(_("weight in grams"), default=0)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "title"], name="variant_once_per_product"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="variant_price_not_negative"),
            models.CheckConstraint(condition=models.Q(stock__gte=0), name="variant_stock_not_negative"),
            models.CheckConstraint(
                condition=models.Q(compare_at_price__isnull=True) | models.Q(compare_at_price__gt=models.F("price")),
                name="variant_compare_at_price_above_price",
                violation_error_message=_("The compare-at price must be above the price."),
            ),
        ]
        verbose_name = _("variant")
        verbose_name_plural = _("variants")

    def __str__(self) -> str:
        return f"{self.product} – {self.title}" if self.title else str(self.product)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title = options.title(self.option_values)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "title"}
        super().save(*args, **kwargs)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Remember whose variant it was, so that one moved to another product refreshes both."""
        variant = super().from_db(*args, **kwargs)
        variant.loaded_product_id = variant.__dict__.get("product_id")
        return variant

    def clean(self) -> None:
        super().clean()
        if not hasattr(self, "product"):  # the form says that it is missing
            return
        try:
            options.validate_values(self.option_values, names=self.product.option_names)
        except ValidationError as error:
            raise ValidationError({"option_values": error.messages}) from error
        self._refuse_twin()

    def _refuse_twin(self) -> None:
        twins = Variant.objects.filter(product_id=self.product_id, title__iexact=options.title(self.option_values))
        if twins.exclude(pk=self.pk).exists():
            message = (
                _("Another variant of this product has the same option values.")
                if self.option_values
                else _("A product without options can have only one variant.")
            )
            raise ValidationError({"option_values": message})

    @property
    def is_available(self) -> bool:
        return self.stock > 0


class ProductImage(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images", verbose_name=_("product"))
    image = PictureField(
        _("picture"),
        upload_to="products/",
        aspect_ratios=["1/1"],
        width_field="image_width",
        height_field="image_height",
    )
    image_width = models.PositiveIntegerField(editable=False, null=True)
    image_height = models.PositiveIntegerField(editable=False, null=True)
    image_ready = models.BooleanField(
        default=False, editable=False, help_text=_("Whether the smaller versions have been made.")
    )
    alt = models.CharField(
        _("description"), max_length=200, blank=True, help_text=_("For those who cannot see the picture.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # So that an import that is run again knows which pictures it has fetched already.
    source_url = models.CharField(max_length=500, blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("product picture")
        verbose_name_plural = _("product pictures")

    def __str__(self) -> str:
        return self.alt or self.image.name
