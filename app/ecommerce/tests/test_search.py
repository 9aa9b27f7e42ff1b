from __future__ import annotations

import pytest

from core.tests.factories import TagFactory
from ecommerce import words
from ecommerce.models import Product
from ecommerce.services import search
from tasks.services import jobs

from .factories import CategoryFactory, ProductFactory, VariantFactory, many_products, sized_product

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]


def find(client, query: str, **parameters) -> list[str]:
    response = client.get("/shop/search/", {"q": query, **parameters})
    assert response.status_code == 200
    return [product.title for product in response.context["products"]]


@pytest.mark.parametrize("query", ["teapot", "TEAPOTS", "pouring", "stoneware", "brewing", "gifts", "teapot stoneware"])
def test_finds_title_summary_description_category_and_tags(client, query):
    product = ProductFactory.create(
        title="Round teapot",
        summary="For pouring.",
        description="<p>Glazed <em>stoneware</em>.</p>",
        category=CategoryFactory.create(title="Brewing"),
    )
    product.tags.add(TagFactory.create(name="Gift"))
    ProductFactory.create(title="Lamp")
    assert find(client, query) == ["Round teapot"]


def test_wants_all_the_words(client):
    ProductFactory.create(title="Blue bowl")
    ProductFactory.create(title="Blue plate")
    assert find(client, "blue bowl") == ["Blue bowl"]


def test_does_not_find_the_tags_of_the_description(client):
    ProductFactory.create(title="Bowl", description="<p><strong>Big</strong></p><p>Round</p>")
    assert find(client, "strong") == []
    assert find(client, "big round") == ["Bowl"]


def test_what_is_called_so_stands_before_what_mentions_it(client):
    ProductFactory.create(title="Linen cloth", description="<p>Dry your kettle, kettle, kettle, kettle.</p>")
    ProductFactory.create(title="Copper kettle with a long spout and a wooden handle")
    assert find(client, "kettle")[0].startswith("Copper kettle")


def test_an_exact_sku_stands_first(client):
    ProductFactory.create(title="HM 100 holder")
    ProductFactory.create(title="Bowl", sku="HM-100")
    assert find(client, "hm-100")[0] == "Bowl"


def test_a_sku_of_one_of_many_variants_finds_its_product_once(client):
    product = sized_product(title="Shirt")
    VariantFactory.create(product=product, option_values=["XL"], sku="SHIRT-XL")
    assert find(client, "SHIRT-XL") == ["Shirt"]


@pytest.mark.parametrize("query", ["XL", "of 2", "tea of the", "lampsh"])
def test_short_words_and_parts_of_words_are_found_in_titles(client, query):
    ProductFactory.create(title="Set of 2 XL tea lampshades")
    ProductFactory.create(title="Bowl")
    assert find(client, query) == ["Set of 2 XL tea lampshades"]


def test_common_words_do_not_hide_a_match(client):
    ProductFactory.create(title="Board", description="<p>Cuts bread.</p>")
    assert find(client, "a board for the bread") == ["Board"]


def test_drafts_and_scheduled_products_are_not_found(client):
    ProductFactory.create(title="Teapot draft", draft=True, sku="DRAFT-1")
    ProductFactory.create(title="Teapot tomorrow", scheduled=True)
    assert find(client, "teapot") == []
    assert find(client, "DRAFT-1") == []


def test_filters_and_sorts_apply(client):
    kitchen = CategoryFactory.create(title="Kitchen")
    ProductFactory.create(title="Teapot small", price="20.00", category=kitchen)
    ProductFactory.create(title="Teapot large", price="40.00", category=kitchen)
    ProductFactory.create(title="Teapot gone", price="30.00", category=kitchen, stock=0)
    ProductFactory.create(title="Teapot elsewhere", price="30.00")
    chosen = {"category": "kitchen", "in_stock": "on", "sort": "-price"}
    assert find(client, "teapot", **chosen) == ["Teapot large", "Teapot small"]
    assert find(client, "teapot", price_max="25") == ["Teapot small"]


def test_results_come_in_pages(client):
    search.index(product.pk for product in many_products(30))
    first = client.get("/shop/search/", {"q": "thing"})
    second = client.get("/shop/search/", {"q": "thing", "page": "2"})
    seen = [product.pk for response in (first, second) for product in response.context["products"]]
    assert len(seen) == len(set(seen)) == 30
    assert 'rel="next" href="?q=thing&amp;page=2"' in first.content.decode()
    assert 'rel="prev" href="?q=thing&amp;page=1"' in second.content.decode()
    assert 'rel="next"' not in second.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "21", "999999", "x", "", "²", "1e3"])
def test_an_impossible_page_is_the_first(client, number):
    ProductFactory.create(title="Teapot")
    assert find(client, "teapot", page=number) == ["Teapot"]


@pytest.mark.parametrize(
    "query",
    [
        '"', '""', "'", "' OR 1=1 --", "NOT", "AND OR", "NEAR(", "a* b*", "{title}: x", "^", "(", ")", "%", "%s",
        "%(x)s", "+-~<>@", "\\", "\x00", "tea\x00pot", "🫖", "☕ teapot ☕", "x" * 5000, "tea " * 500,
        "'; DROP TABLE x; --", "\ufffd", "٣٤", "ﬁ", "é" * 200, "_", "a_b", "²³",
    ],
)  # fmt: skip
def test_odd_queries_are_answered(client, query):
    ProductFactory.create(title="Teapot")
    assert client.get("/shop/search/", {"q": query}).status_code == 200


def test_nothing_found_suggests_where_to_look(client):
    CategoryFactory.create(title="Kitchen")
    html = client.get("/shop/search/", {"q": "<b>unobtainium"}).content.decode()
    assert "Nothing found for “&lt;b&gt;unobtainium”" in html
    assert "/shop/categories/kitchen/" in html


def test_nothing_asked_suggests_where_to_look(client):
    CategoryFactory.create(title="Kitchen")
    html = client.get("/shop/search/", {"q": "  "}).content.decode()
    assert "/shop/categories/kitchen/" in html
    assert "Nothing found" not in html


def test_a_changed_category_or_tag_is_found_by_its_new_name(client):
    tag = TagFactory.create(name="Oldtag")
    product = ProductFactory.create(title="Bowl", category=CategoryFactory.create(title="Oldplace"), tags=[tag])
    product.category.title = "Newplace"
    product.category.save()
    tag.name = "Newtag"
    tag.save()
    jobs.run_due()
    assert find(client, "newplace") == ["Bowl"]
    assert find(client, "newtag") == ["Bowl"]
    assert find(client, "oldplace") == []


def test_a_tag_taken_away_is_not_found(client):
    tag = TagFactory.create(name="Handmade")
    product = ProductFactory.create(title="Bowl", tags=[tag])
    assert find(client, "handmade") == ["Bowl"]
    tag.products.remove(product)
    assert find(client, "handmade") == []


def test_products_made_at_once_are_found_after_indexing(client):
    products = many_products(3)
    assert Product.objects.count() == 3
    search.index(product.pk for product in products)
    assert len(find(client, "thing")) == 3


@pytest.mark.parametrize(
    ("word", "singular"),
    [("mugs", "mug"), ("glasses", "glass"), ("brushes", "brush"), ("glass", "glass"), ("gas", "gas"), ("lamp", "lamp")],
)
def test_plurals_are_taken_off(word, singular):
    assert words.singular(word) == singular
