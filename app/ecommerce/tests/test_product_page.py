from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from core.tests.factories import TagFactory

from .factories import CategoryFactory, ProductFactory, ProductImageFactory, VariantFactory, sized_product

pytestmark = pytest.mark.django_db


def page(client, product, **parameters) -> str:
    response = client.get(product.get_absolute_url(), parameters)
    assert response.status_code == 200
    return response.content.decode()


def linked_data(html: str) -> dict[str, dict]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return {data["@type"]: data for data in map(json.loads, blocks)}


def test_shows_what_a_buyer_wants_to_know(client):
    tag = TagFactory.create(name="Handmade")
    product = ProductFactory.create(
        title="Oak board", summary="For bread.", description="<p>From <strong>one</strong> piece.</p>", tags=[tag]
    )
    product.variants.update(weight_grams=1250, sku="OAK-1")
    html = page(client, product)
    for text in (
        "Oak board",
        "For bread.",
        "<strong>one</strong>",
        "€24.00",
        "In stock",
        "OAK-1",
        "1.2\N{NO-BREAK SPACE}kg",
        "Includes 20\N{NO-BREAK SPACE}% VAT",
        "Handmade",
        '<link rel="canonical" href="http://testserver/shop/products/oak-board/">',
    ):
        assert text in html


def test_an_earlier_price_is_struck_through_and_read_out(client):
    product = ProductFactory.create(variants=[])
    VariantFactory.create(product=product, price=Decimal(20), compare_at_price=Decimal(30))
    html = page(client, product)
    assert '<s class="price--was price"><span class="visually-hidden">Earlier price: </span>€30.00</s>' in html


def test_the_choice_of_a_variant_works_without_scripts(client):
    product = sized_product([("Small", "10.00", 9), ("Large", "30.00", 4)])
    large = product.variants.get(title="Large")
    html = page(client, product, variant=large.sku)
    assert re.search(rf'value="{large.sku}" checked', html)
    assert '<span class="price price--large">€30.00</span>' in html
    assert "only 4 left" in html
    assert "All options: €10.00 to €30.00" in html


def test_the_first_variant_that_can_be_bought_is_chosen(client):
    product = sized_product([("Small", "10.00", 0), ("Large", "30.00", 6)])
    html = page(client, product)
    assert '<span class="price price--large">€30.00</span>' in html
    assert "left" not in html.partition('id="offer"')[2].partition("</dl>")[0]


def test_a_sold_out_variant_cannot_be_chosen_and_says_why(client):
    product = sized_product()
    large = product.variants.get(title="Large")
    html = page(client, product)
    assert re.search(rf'value="{large.sku}" disabled> <span>Large</span>\s*<span class="small">sold out</span>', html)
    assert "Sold out" in page(client, product, variant=large.sku)


def test_many_variants_become_a_list(client):
    html = page(client, sized_product([(f"No. {number}", "10.00", number) for number in range(20)]))
    assert '<select id="variant" name="variant">' in html
    assert "No. 0 (sold out)" in html


@pytest.mark.parametrize("sku", ["NOT-THERE", "💥", "\x00", "x" * 3000])
def test_an_unknown_variant_shows_the_others(client, sku):
    html = page(client, sized_product(), variant=sku)
    assert "don’t have that option" in html
    assert "€10.00" in html


def test_a_product_without_variants_is_honest(client):
    assert "Not available at the moment" in page(client, ProductFactory.create(variants=[]))


def test_pictures_stand_in_order_with_a_thumbnail_each(client):
    product = ProductFactory.create()
    second = ProductImageFactory.create(product=product, position=2, alt="From behind")
    first = ProductImageFactory.create(product=product, position=1, alt="From the front")
    html = page(client, product)
    assert html.index(first.image.url) < html.index(second.image.url)
    assert html.count('href="#picture-') == 2
    assert 'alt="From the front"' in html


def test_related_products_are_of_the_category_and_for_sale(client):
    category = CategoryFactory.create()
    product = ProductFactory.create(category=category)
    ProductFactory.create(title="Relative", category=category)
    ProductFactory.create(title="Hidden draft", category=category, draft=True)
    ProductFactory.create(title="Hidden future", category=category, scheduled=True)
    ProductFactory.create(title="Hidden sold-out", category=category, stock=0)
    ProductFactory.create(title="Hidden stranger")
    html = page(client, product)
    assert "Relative" in html
    assert "Hidden" not in html


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_what_is_not_published_is_not_found(client, alice, erin, bob, state):
    product = ProductFactory.create(**{state: True})
    address = f"{product.get_absolute_url()}?preview"
    assert client.get(address).status_code == 404
    client.force_login(alice)
    assert client.get(address).status_code == 404
    client.force_login(bob)
    response = client.get(address)
    assert response.status_code == 200
    assert "Only staff can see this page" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "application/ld+json" not in response.content.decode()


def test_staff_without_the_permission_see_no_draft(client, dave):
    dave.user_permissions.clear()
    dave.groups.clear()
    client.force_login(dave)
    product = ProductFactory.create(draft=True)
    assert client.get(f"{product.get_absolute_url()}?preview").status_code == 404


def test_an_unknown_product_is_not_found(client):
    assert client.get("/shop/products/nothing/").status_code == 404


def test_search_engines_read_one_offer(client):
    product = ProductFactory.create(title="Mug </script>", sku="MUG-1", price="12.50", stock=0)
    ProductImageFactory.create(product=product)
    html = page(client, product)
    data = linked_data(html)["Product"]
    assert data["name"] == "Mug </script>"
    assert data["sku"] == "MUG-1"
    assert data["image"][0].startswith("http://testserver/media/products/")
    assert data["offers"] == {
        "@type": "Offer",
        "sku": "MUG-1",
        "name": "Mug </script>",
        "price": "12.50",
        "priceCurrency": "EUR",
        "availability": "https://schema.org/OutOfStock",
        "url": f"http://testserver{product.get_absolute_url()}",
    }
    assert '<meta property="og:type" content="product">' in html
    assert '<meta property="product:price:amount" content="12.50">' in html
    assert 'property="og:image" content="http://testserver/media/' in html


def test_search_engines_read_a_range_of_offers(client):
    offers = linked_data(page(client, sized_product()))["Product"]["offers"]
    assert offers["@type"] == "AggregateOffer"
    assert (offers["lowPrice"], offers["highPrice"], offers["offerCount"]) == ("10.00", "30.00", 2)
    assert offers["availability"] == "https://schema.org/InStock"
    assert [offer["availability"].rpartition("/")[2] for offer in offers["offers"]] == ["InStock", "OutOfStock"]


def test_search_engines_read_the_place(client):
    kitchen = CategoryFactory.create(title="Kitchen")
    product = ProductFactory.create(title="Mug", category=CategoryFactory.create(title="Cups", parent=kitchen))
    trail = linked_data(page(client, product))["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in trail] == ["Home", "Shop", "Kitchen", "Cups", "Mug"]
    assert [step["position"] for step in trail] == [1, 2, 3, 4, 5]
