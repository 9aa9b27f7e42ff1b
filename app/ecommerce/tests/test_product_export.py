"""The catalogue goes out in the format in which it comes in, and nothing is lost on the way."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.models import Tag
from ecommerce.models import Category, Product, ProductImage, Variant
from ecommerce.services import exports, product_export, spreadsheets
from ecommerce.tests.catalogue_files import SHOPIFYS, imported, needs_shopifys
from ecommerce.tests.factories import (
    CategoryFactory,
    ProductFactory,
    ProductImageFactory,
    VariantFactory,
    many_products,
    sized_product,
)
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db


def _exported() -> str:
    return "".join(product_export.pieces())


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _path(category: Category | None) -> list[str]:
    return [*_path(category.parent), category.title] if category else []


def _state() -> list[dict[str, object]]:
    """All that the file carries, without the keys of the database."""
    return [
        {
            "product": (product.slug, product.title, product.summary, str(product.description), product.is_published),
            "options": product.option_names,
            "category": _path(product.category),
            "tags": sorted(tag.name for tag in product.tags.all()),
            "lists": (product.price_from, product.price_to, product.in_stock, product.on_sale),
            "variants": list(
                product.variants.values_list(
                    "sku", "title", "option_values", "price", "compare_at_price", "stock", "weight_grams"
                )
            ),
        }
        for product in Product.objects.order_by("slug")
    ]


def _empty_the_shop() -> None:
    for model in (Product, Category, Tag):
        while rows := model.objects.filter(**({"children": None} if model is Category else {})):
            rows.delete()


@pytest.fixture
def shop() -> None:
    """Something of everything that could be lost."""
    home = CategoryFactory.create(title="Home")
    boards = CategoryFactory.create(title="Boards", parent=home)
    ProductFactory.create(
        title='Board, "the best"', slug="board", summary="Über – 木", category=boards,
        description="<p>One, two</p><ul><li><p>Three</p></li></ul>", tags=[Tag.objects.create(name="Wood & co")],
    )  # fmt: skip
    ProductFactory.create(title="=1+1", slug="formula", sku="-minus", category=home, summary="@home '=x")
    ProductFactory.create(title="'=quoted", slug="quoted", category=home, draft=True)
    sized = sized_product(slug="sized", title="Sized", category=home)
    VariantFactory.create(
        product=sized, option_values=["+XL"], position=2, compare_at_price="99.90", price="80.05", weight_grams=1234
    )
    sized.refresh_from_db()


@pytest.mark.usefixtures("shop")
def test_comes_back_the_same_into_an_empty_shop() -> None:
    before, text = _state(), _exported()
    _empty_the_shop()
    result = imported(text)
    assert not result.problems
    assert (result.created, result.unused_columns) == (4, ["Vendor", "Variant Inventory Tracker",
        "Variant Fulfillment Service", "Variant Requires Shipping", "Variant Taxable"])  # fmt: skip
    assert _state() == before
    assert _exported() == text


@pytest.mark.usefixtures("shop")
def test_importing_it_into_the_same_shop_changes_nothing() -> None:
    before, keys = _state(), set(Variant.objects.values_list("pk", flat=True))
    result = imported(_exported())
    assert (result.created, result.updated, result.problems) == (0, 4, [])
    assert _state() == before
    assert set(Variant.objects.values_list("pk", flat=True)) == keys


@needs_shopifys
def test_shopifys_file_comes_back_the_same() -> None:
    imported(SHOPIFYS.read_bytes())
    before, text = _state(), _exported()
    _empty_the_shop()
    imported(text)
    assert _state() == before


@needs_shopifys
def test_columns_are_shopifys() -> None:
    known = set(next(csv.reader(io.StringIO(SHOPIFYS.read_text(encoding="utf-8")))))
    assert set(product_export.COLUMNS) - known == {"Product Category", "Status"}, "which Shopify has added since"


def test_pictures_have_rows_of_their_own_and_are_known_again() -> None:
    product = ProductFactory.create(slug="board")
    for position in (1, 2):
        ProductImageFactory.create(product=product, alt=f"View {position}", position=position)
    rows = _rows(_exported())
    assert [row["Image Alt Text"] for row in rows] == ["View 1", "View 2"]
    assert all(row["Image Src"].startswith("http://testserver/media/products/") for row in rows)
    assert imported(_exported()).pictures == 0
    assert ProductImage.objects.count() == 2


def test_what_is_scheduled_does_not_go_out_as_published() -> None:
    ProductFactory.create(scheduled=True)
    [row] = _rows(_exported())
    assert (row["Published"], row["Status"]) == ("false", "draft")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1", "''-1"])
def test_no_cell_is_a_formula_and_none_is_changed_for_good(text) -> None:
    assert re.match(r"'", spreadsheets.guarded(text))
    assert spreadsheets.unguarded(spreadsheets.guarded(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "'tis", "rock 'n' roll", "5-4", "'"])
def test_ordinary_text_is_not_touched(text) -> None:
    assert spreadsheets.guarded(text) == text
    assert spreadsheets.unguarded(text) == text


def test_cost_grows_by_batches_and_not_by_products(django_assert_max_num_queries) -> None:
    many_products(product_export.BATCH + 10)
    with django_assert_max_num_queries(13):
        assert len(_rows(_exported())) == product_export.BATCH + 10


# --- The command ------------------------------------------------------------------------------------------------------


def test_command_writes_to_the_screen(capsys) -> None:
    ProductFactory.create(title="Oak board")
    call_command("export_products")
    assert [row["Title"] for row in _rows(capsys.readouterr().out)] == ["Oak board"]


def test_command_writes_a_file_and_never_over_another(tmp_path, capsys) -> None:
    ProductFactory.create(title="Oak board")
    path = tmp_path / "products.csv"
    call_command("export_products", str(path))
    assert "Wrote 1 products" in capsys.readouterr().out
    assert [row["Title"] for row in _rows(path.read_text(encoding="utf-8"))] == ["Oak board"]
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_products", str(path))
    call_command("export_products", str(path), "--overwrite")
    assert list(tmp_path.iterdir()) == [path]


def test_command_says_where_it_cannot_write(tmp_path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_products", str(tmp_path / "no-folder" / "products.csv"))


# --- The admin --------------------------------------------------------------------------------------------------------


def _downloaded(client, answer) -> str:
    """What the job has made to whose page the answer leads."""
    job = Job.objects.latest("pk")
    assert answer.status_code == 302
    assert answer["Location"] == job.get_absolute_url()
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress_current) == (Job.State.DONE, job.progress_total)
    file = client.get(reverse("jobs:file", args=[job.pk]))
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert re.search(r'attachment; filename="products-[\d-]+\.csv"', file["Content-Disposition"])
    return file.getvalue().decode()


def test_staff_download_all_or_some(client, bob) -> None:
    products = [ProductFactory.create(title=title) for title in ("Oak board", "Bowl")]
    client.force_login(bob)
    address = reverse("admin:ecommerce_product_export")
    assert "all 2 products" in client.get(address).content.decode()
    assert not Job.objects.filter(kind=exports.PRODUCTS).exists()
    everything = client.post(address)
    assert Job.objects.latest("pk").arguments == {"ids": None}
    assert len(_rows(_downloaded(client, everything))) == 2
    chosen = client.post(
        reverse("admin:ecommerce_product_changelist"),
        {"action": "export_selected", "_selected_action": [products[1].pk]},
    )
    assert [row["Title"] for row in _rows(_downloaded(client, chosen))] == ["Bowl"]


@pytest.mark.parametrize("who", ["erin", "charlie", None])
def test_nobody_else_downloads(client, request, who) -> None:
    if who:
        client.force_login(request.getfixturevalue(who))
    for ask in (client.get, client.post):
        assert ask(reverse("admin:ecommerce_product_export")).status_code in {302, 403}
    assert not Job.objects.filter(kind=exports.PRODUCTS).exists()
