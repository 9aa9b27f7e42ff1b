from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin
from ecommerce.models import Category
from ecommerce.services import categories

INDENT = "\N{EM SPACE}" * 2


def as_tree(field: forms.ModelChoiceField[Category]) -> None:
    """Show the choices of a category field indented, as they stand in the shop."""
    empty = [("", field.empty_label)] if field.empty_label is not None else []
    field.choices = [*empty, *((node.pk, f"{INDENT * node.depth}{node.title}") for node in categories.tree())]


class TreeList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Category]:
        """Parents before their children, unless a column is asked to decide."""
        found: QuerySet[Category] = super().get_queryset(request, exclude_parameters)
        if ORDER_VAR in self.params:
            return found
        places = [When(pk=node.pk, then=Value(place)) for place, node in enumerate(categories.tree())]
        return found.order_by(Case(*places, default=Value(len(places)), output_field=IntegerField()), "pk")


@admin.register(Category)
class CategoryAdmin(AnyModelAdmin):
    list_display = ["indented_title", "slug", "position", "product_count"]
    list_editable = ["position"]
    list_per_page = 500  # a page is no tree
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    fields = ["title", "slug", "parent", "position", "description"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TreeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        found: QuerySet[Category] = super().get_queryset(request)
        return found.annotate(number_of_products=Count("products"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "parent" and field is not None:
            as_tree(field)
        return field

    @admin.display(description=_("title"), ordering="title")
    def indented_title(self, category: Category) -> SafeString:
        node = categories.tree().get(category.pk)
        return format_html('<span class="depth depth--{}">{}</span>', min(node.depth if node else 0, 5), category.title)

    @admin.display(description=_("products"), ordering="number_of_products")
    def product_count(self, category: Any) -> int:
        return int(category.number_of_products)
