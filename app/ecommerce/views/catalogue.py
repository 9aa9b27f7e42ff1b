"""The shop's pages. None of them varies by anything but its address and, for staff, a draft: so they can be cached.

htmx asks for the same pages as everybody else and takes from them what it needs (hx-select). Answering it with a part
would make two pages of one address, and a cache would sooner or later give one for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import shared_parts
from core.public_pages import public_page
from core.views.preview import previewable, private, visible_or_404
from ecommerce import forms, keyset, selectors, structured_data, words
from ecommerce import models as shop
from ecommerce.services import categories
from ecommerce.services import search as searching

LOW_STOCK = 5  # from here down the page says how many are left

Trail = list[tuple[str, str]]


@require_safe
@public_page
def product_list(request: HttpRequest) -> HttpResponse:
    def context() -> dict[str, Any]:
        tree = categories.tree()
        form = forms.FilterForm(request.GET, tree=tree)
        form.is_valid()
        page = _listing(request, form, form.filters())
        return {"categories": _counted(tree.roots, tree), **_list_context(form, page)}

    return render(request, "ecommerce/product_list.html", _parts(request, "product_list", context))


@require_safe
@public_page
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(shop.Category, slug=slug)

    def context() -> dict[str, Any]:
        tree = categories.tree()
        form = forms.FilterForm(request.GET, tree=tree, with_category=False)
        form.is_valid()
        node = tree.get(found.pk) or categories.Node(found.pk, found.title, found.slug, None, 0)
        page = _listing(request, form, form.filters().in_category(node, tree))
        trail = [*_trail(tree, node), (node.title, node.url)]
        return {
            "category": found,
            "categories": _counted(tree.children(node.pk), tree),
            "trail": trail,
            "breadcrumb_data": structured_data.breadcrumbs(trail),
            **_list_context(form, page),
        }

    return render(request, "ecommerce/category.html", {"category": found, **_parts(request, "category", context)})


@require_safe
@public_page
def search(request: HttpRequest) -> HttpResponse:
    tree = categories.tree()
    form = forms.SearchFilterForm(request.GET, tree=tree)
    form.is_valid()
    text = words.one_line(request.GET.get("q", ""), max_length=searching.MAX_LENGTH)
    number = _page_number(request.GET.get("page", ""))
    results = searching.products(text, filters=form.filters(), sort=form.chosen_sort, page=number)
    context = {
        "form": form,
        "query": text,
        "products": results.products,
        "next_page": number + 1 if results.has_next else None,
        "previous_page": number - 1 if number > 1 else None,
        "page_number": number,
        "categories": _counted(tree.roots, tree),
        "narrowed": form.in_force(),
    }
    return render(request, "ecommerce/search.html", context)


@require_safe
@public_page
@previewable
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = _product_or_404(slug)
    preview = visible_or_404(request, found)
    related = selectors.related_products(found)
    prefetch_related_objects([found, *related], "images")  # one query for all of them
    tree = categories.tree()
    node = tree.get(found.category_id)
    trail = [*_trail(tree, node), (node.title, node.url)] if node else _trail(tree, None)
    context = {
        "product": found,
        "images": list(found.images.all()),
        "related": related,
        "trail": trail,
        "product_data": structured_data.product(found),
        "breadcrumb_data": structured_data.breadcrumbs([*trail, (found.title, found.get_absolute_url())]),
        "preview": preview,
        "currency": settings.CURRENCY,
        "low_stock": LOW_STOCK,
        **_variant_context(request, found),
    }
    response = render(request, "ecommerce/product.html", context)
    return private(response) if preview else response


def _product_or_404(slug: str) -> shop.Product:
    try:
        return selectors.product(slug)
    except shop.Product.DoesNotExist as error:
        raise Http404(f"No product “{slug}”.") from error


def _variant_context(request: HttpRequest, product: shop.Product) -> dict[str, Any]:
    variants = list(product.variants.all())
    wanted = request.GET.get("variant", "")
    chosen = next((variant for variant in variants if variant.sku == wanted), None)
    return {
        "variants": variants,
        "variant": chosen or selectors.default_variant(variants),
        "unknown_variant": bool(wanted) and chosen is None,
        "option_label": " / ".join(product.option_names) or _("Option"),
    }


def _listing(request: HttpRequest, form: forms.FilterForm, filters: selectors.Filters) -> keyset.Page[shop.Product]:
    return selectors.listing(filters=filters, sort=form.chosen_sort, cursor=request.GET.get("cursor", ""))


def _parts(request: HttpRequest, page: str, context: Callable[[], dict[str, Any]]) -> shared_parts.Parts:
    """All of a list's page but the header, which is each visitor's own."""
    templates = {
        "head": f"ecommerce/_{page}_head.html",
        "main": f"ecommerce/_{page}_main.html",
        "footer": "partials/footer.html",
    }
    return shared_parts.get_or_render(request, templates=templates, context=context)


def _list_context(form: forms.FilterForm, page: keyset.Page[shop.Product]) -> dict[str, Any]:
    return {"form": form, "page": page, "products": page.rows, "narrowed": form.in_force()}


def _counted(nodes: list[categories.Node], tree: categories.Tree) -> list[tuple[categories.Node, int]]:
    counts = categories.counts(tree)
    return [(node, counts[node.pk]) for node in nodes]


def _trail(tree: categories.Tree, node: categories.Node | None) -> Trail:
    """From the home page down to the category above this one."""
    above = tree.ancestors(node.pk) if node else []
    return [
        (_("Home"), reverse("home")),
        (_("Shop"), reverse("ecommerce:product_list")),
        *((step.title, step.url) for step in above),
    ]


def _page_number(text: str) -> int:
    """From 1 to the last that is served; anything else is the first."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return number if 1 <= number <= searching.MAX_PAGE else 1
