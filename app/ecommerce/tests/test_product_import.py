"""Shopify's product file becomes the catalogue, and what is wrong with it is said by line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.models import Tag
from ecommerce.models import Category, Product, Variant
from ecommerce.selectors import Filters
from ecommerce.services import search
from ecommerce.services.product_import import parsing, planning, runs
from ecommerce.tests.catalogue_files import (
    SHOPIFYS,
    csv_text,
    imported,
    messages,
    needs_shopifys,
    simple,
    uploaded,
)
from ecommerce.tests.factories import CategoryFactory, ProductFactory, TaxRateFactory, VariantFactory, sized_product
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db


def _sizes(*sizes: str, **changes: str) -> list[dict[str, str]]:
    first = simple(**{"Option1_Name": "Size", "Option1_Value": sizes[0], **changes})
    others = [{"Handle": "oak-board", "Option1 Value": size, "Variant Price": "30"} for size in sizes[1:]]
    return [first, *others]


@needs_shopifys
def test_takes_over_what_shopify_exports() -> None:
    result = imported(SHOPIFYS.read_bytes())
    assert (result.created, result.updated, result.skipped, result.variants) == (20, 0, 0, 22)
    assert not result.problems
    top = Product.objects.get(slug="classic-varsity-top")
    assert top.is_published
    assert top.option_names == ["Size"]
    assert list(top.variants.values_list("title", "price", "stock", "sku")) == [
        ("Small", Decimal(60), 1, "classic-varsity-top-small"),
        ("Medium", Decimal(60), 1, "classic-varsity-top-medium"),
        ("Large", Decimal(60), 1, "classic-varsity-top-large"),
    ]
    assert [tag.name for tag in top.tags.all()] == ["women"]
    assert top.category.title == "Imported"
    assert (top.price_from, top.in_stock) == (Decimal(60), True)
    assert Product.objects.get(slug="ocean-blue-shirt").option_names == []


@needs_shopifys
def test_same_file_twice_updates_and_doubles_nothing() -> None:
    imported(SHOPIFYS.read_bytes())
    before = [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in (Product, Variant, Category)]
    skus = set(Variant.objects.values_list("sku", flat=True))
    result = imported(SHOPIFYS.read_bytes())
    assert (result.created, result.updated, result.skipped) == (0, 20, 0)
    after = [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in (Product, Variant, Category)]
    assert after == before
    assert set(Variant.objects.values_list("sku", flat=True)) == skus


@needs_shopifys
def test_dry_run_says_the_same_and_changes_nothing() -> None:
    result = imported(SHOPIFYS.read_bytes(), dry_run=True)
    assert (result.created, result.variants, result.pictures) == (20, 22, 20)
    assert result.new_categories == ["Imported"]
    assert "Vendor" in result.unused_columns
    for model in (Product, Variant, Category, Tag):
        assert not model.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.full_text
def test_imported_products_are_found_by_search() -> None:
    imported(csv_text(simple(Tags="walnut", Published="true"), simple(Handle="bowl", Title="Bowl", Published="true")))
    found = search.products("walnut", filters=Filters()).products
    assert [product.title for product in found] == ["Oak board"]


def test_understands_the_names_that_columns_have_today() -> None:
    row = {
        "Title": "Oak board", "URL handle": "oak-board", "Description": "<p>Heavy.</p>", "Status": "Active",
        "Published on online store": "TRUE", "SKU": "OAK-1", "Price": "24.00", "Compare-at price": "30",
        "Inventory quantity": "3", "Weight value (grams)": "1200", "Product image URL": "", "Type": "Boards",
    }  # fmt: skip
    assert not imported(csv_text(row)).problems
    variant = Variant.objects.get(sku="OAK-1")
    assert (variant.price, variant.compare_at_price) == (Decimal(24), Decimal(30))
    assert (variant.stock, variant.weight_grams) == (3, 1200)
    assert (variant.product.category.title, variant.product.is_published) == ("Boards", True)


def test_takes_a_mark_before_utf_8_line_ends_of_windows_and_line_breaks_within_a_cell() -> None:
    text = '\ufeffHandle,Title,Body (HTML),Variant Price\r\noak,Oak,"<p>One\r\ntwo é</p>",5\r\nelm,Elm,,x\r\n'
    result = imported(text)
    assert "two é" in str(Product.objects.get(slug="oak").description)
    assert [line for line, _ in messages(result)] == [4]  # counted in lines of the file, as an editor shows them


def test_three_options_become_variants() -> None:
    names = {"Option1_Name": "Size", "Option2_Name": "Colour", "Option3_Name": "Wood"}
    imported(csv_text(simple(**names, Option1_Value="S", Option2_Value="Red", Option3_Value="Oak")))
    variant = Variant.objects.get()
    assert variant.product.option_names == ["Size", "Colour", "Wood"]
    assert (variant.option_values, variant.title) == (["S", "Red", "Oak"], "S / Red / Oak")


def test_made_skus_are_short_and_never_the_same_for_two_variants() -> None:
    rows = _sizes("Rot", "Rot!", "日本", "x" * 100)
    result = imported(csv_text(*rows))
    skus = list(Variant.objects.values_list("sku", flat=True))
    assert not messages(result)
    assert len(set(skus)) == 4
    assert max(map(len, skus)) <= 64
    imported(csv_text(*rows))
    assert list(Variant.objects.values_list("sku", flat=True)) == skus


def test_handle_that_no_address_can_have_gets_one_that_stays() -> None:
    rows = [simple(Handle="日本"), simple(Handle="Café déjà")]
    assert len(messages(imported(csv_text(*rows)), "warning")) == 2
    slugs = set(Product.objects.values_list("slug", flat=True))
    assert "cafe-deja" in slugs
    imported(csv_text(*rows))
    assert set(Product.objects.values_list("slug", flat=True)) == slugs


def test_description_is_made_safe() -> None:
    html = '<p onclick="x()">Good <b>wood</b></p><script>alert(1)</script><img src=x onerror=y>'
    result = imported(csv_text(simple(**{"Body_(HTML)": html})))
    description = str(Product.objects.get().description)
    assert "wood" in description
    for bad in ("script", "onclick", "onerror", "<img"):
        assert bad not in description
    assert "Pictures" in messages(result, "warning")[0][1]


@pytest.mark.parametrize(
    ("changes", "published"),
    [
        ({}, False),
        ({"Published": "true"}, True),
        ({"Published": ""}, True),
        ({"Published": "false"}, False),
        ({"Status": "active"}, True),
        ({"Status": "archived"}, False),
        ({"Published": "true", "Status": "draft"}, False),
    ],
)
def test_what_is_not_for_sale_there_is_a_draft_here(changes, published) -> None:
    imported(csv_text(simple(**changes)))
    assert Product.objects.get().is_published is published


def test_what_staff_have_scheduled_does_not_appear_early() -> None:
    ProductFactory.create(slug="oak-board", scheduled=True)
    imported(csv_text(simple(Status="active")))
    assert not Product.objects.get().is_published
    imported(csv_text(simple(Status="draft")))
    assert Product.objects.get().status == Product.ACTIVE_STATUS, "a draft it need not become: nobody sees it"


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"Type": "Boards"}, ["Boards"]),
        ({"Product_Category": "Home > Kitchen > Boards"}, ["Home", "Kitchen", "Boards"]),
        ({"Type": "boards", "Product_Category": "Home > Boards"}, ["Home", "Boards"]),
        ({"Type": "Trays", "Product_Category": "Home > Boards"}, ["Trays"]),
        ({"Type": ""}, ["Imported"]),
        ({"Type": "日本"}, ["日本"]),
    ],
)
def test_category_is_found_or_made(row, path) -> None:
    result = imported(csv_text(simple(**row)))
    category, titles = Product.objects.get().category, []
    while category:
        titles.insert(0, category.title)
        assert category.slug
        category = category.parent
    assert titles == path
    assert result.new_categories[-1] == " > ".join(path)
    assert imported(csv_text(simple(**row))).new_categories == []
    assert Category.objects.count() == len(path)


def test_existing_category_is_used_wherever_it_stands() -> None:
    kitchen = CategoryFactory.create(title="Kitchen")
    boards = CategoryFactory.create(title="Boards", parent=kitchen)
    imported(csv_text(simple(Type="BOARDS")))
    assert Product.objects.get().category == boards


def test_new_products_get_the_standard_rate_of_tax() -> None:
    TaxRateFactory.create(name="Reduced", percent=7)
    standard = TaxRateFactory.create(name="Standard", percent=19)
    imported(csv_text(simple()))
    assert Product.objects.get().tax_rate == standard


def test_tags_are_shared_whatever_their_case() -> None:
    Tag.objects.create(name="Wood")
    imported(csv_text(simple(Tags="wood, Gift,gift, ")))
    assert sorted(tag.name for tag in Product.objects.get().tags.all()) == ["Gift", "Wood"]


@pytest.mark.parametrize(
    ("changes", "grams"),
    [
        ({"Variant_Grams": "453.6"}, 454),
        ({"Variant_Weight": "1.5", "Variant_Weight_Unit": "kg"}, 1500),
        ({"Variant_Weight": "2", "Variant_Weight_Unit": "lb"}, 907),
        ({"Variant_Weight": "10", "Variant_Weight_Unit": "oz"}, 283),
        ({"Variant_Weight": "7"}, 7),
    ],
)
def test_weights_become_grams(changes, grams) -> None:
    imported(csv_text(simple(**changes)))
    assert Variant.objects.get().weight_grams == grams


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"Variant_Price": "12,50"}, "not a price"),
        ({"Variant_Price": "€12"}, "not a price"),
        ({"Variant_Price": "-3"}, "not a price"),
        ({"Variant_Price": "1.999"}, "more than two decimals"),
        ({"Variant_Price": "9" * 9}, "too large"),
        ({"Variant_Price": ""}, "price is missing"),
        ({"Variant_Compare_At_Price": "cheap"}, "compare-at price"),
        ({"Variant_Inventory_Qty": "many"}, "not a whole number"),
        ({"Variant_Inventory_Qty": "9" * 12}, "too large"),
        ({"Variant_Grams": "light"}, "not a weight"),
        ({"Variant_Weight": "1", "Variant_Weight_Unit": "stone"}, "none of g, kg, lb and oz"),
        ({"Variant_SKU": "x" * 65}, "SKU is longer"),
        ({"Title": ""}, "title is missing"),
        ({"Title": "x" * 256}, "title is longer"),
        ({"Handle": ""}, "handle is missing"),
        ({"Published": "perhaps"}, "neither true nor false"),
        ({"Status": "sleeping"}, "none of active"),
        ({"Option1_Name": "Size", "Option1_Value": ""}, "no value for the option"),
        ({"Option1_Name": "", "Option1_Value": "Small"}, "no name"),
        ({"Option1_Name": "Size", "Option1_Value": "x" * 151}, "more than 150 letters"),
    ],
)
def test_an_error_names_its_line_and_the_others_are_imported(changes, part) -> None:
    result = imported(csv_text(simple(Handle="elm", Title="Elm", **{"Variant SKU": "ELM"}), simple(**changes)))
    [(line, message)] = messages(result)
    assert line == 3
    assert part in message
    assert (result.created, result.skipped) == (1, 1)
    assert Product.objects.get().slug == "elm"


def test_one_wrong_variant_keeps_the_whole_product_out() -> None:
    rows = _sizes("Small", "Large")
    rows[1]["Variant Price"] = "free"
    result = imported(csv_text(*rows))
    assert [line for line, _ in messages(result)] == [3]
    assert not Product.objects.exists()
    assert not Category.objects.exists()


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([simple(), simple()], "second variant"),
        (_sizes("Small", "small"), "“small” stands on line 2"),
        ([simple(), simple(Handle="elm"), simple()], "stands on line 2 already"),
        ([simple(Variant_SKU="A"), simple(Handle="elm", Variant_SKU="a")], "SKU “a” stands on line 2"),
    ],
)
def test_refuses_what_stands_twice(rows, part) -> None:
    [(line, message)] = messages(imported(csv_text(*rows)))
    assert line == len(rows) + 1
    assert part in message


def test_sku_of_another_product_is_refused_before_anything_is_written() -> None:
    ProductFactory.create(title="Bowl", sku="OAK-1")
    for dry_run in (True, False):
        result = imported(csv_text(simple(Variant_SKU="oak-1")), dry_run=dry_run)
        assert "belongs to another product, “Bowl”" in messages(result)[0][1]
    assert Product.objects.count() == 1


def test_line_with_too_many_cells_is_refused() -> None:
    result = imported("Handle,Title,Price\noak,Oak,5,surplus\n")
    assert "more cells" in messages(result)[0][1]


@pytest.mark.parametrize(
    ("changes", "part", "field", "value"),
    [
        ({"Variant_Inventory_Qty": "-4"}, "below zero", "stock", 0),
        ({"Variant_Compare_At_Price": "20"}, "not above the price", "compare_at_price", None),
        ({"Variant_Inventory_Policy": "continue"}, "beyond its stock", "stock", 3),
    ],
)
def test_warns_of_what_it_takes_otherwise(changes, part, field, value) -> None:
    result = imported(csv_text(simple(**changes)))
    [(line, message)] = messages(result, "warning")
    assert (line, result.created) == (2, 1)
    assert part in message
    assert getattr(Variant.objects.get(), field) == value


def test_gift_cards_are_left_out() -> None:
    result = imported(csv_text(simple(Gift_Card="true")))
    assert (result.skipped, result.errors, result.warnings) == (1, 0, 1)
    assert not Product.objects.exists()


def test_long_summary_is_shortened() -> None:
    result = imported(csv_text(simple(SEO_Description="word " * 60)))
    assert len(Product.objects.get().summary) <= 200
    assert result.warnings == 1


def test_columns_without_a_place_are_reported_once_if_they_hold_something() -> None:
    result = imported(csv_text(simple(Vendor="Acme", Barcode="", Shelf="3"), simple(Handle="elm", Vendor="Acme")))
    assert result.unused_columns == ["Vendor", "Shelf"]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"Handle,Title\n", "no products"),
        (b"Name,Cost\nOak,3\n", "Handle, Title"),
        (b"Handle;Title\noak;Oak\n", "not separated by commas"),
        (b"Handle,URL handle,Title\na,b,c\n", "say the same"),
        (b"PK\x03\x04rest of a spreadsheet", "not a CSV file"),
        (b"Handle,Title\nfoo,\x00\n", "not a CSV file"),
        ("Handle,Title,Price\noak,Oak,1\ncafé,Café,2\n".encode("latin-1"), "Line 3 is not UTF-8"),
        ("Handle,Title\n".encode("utf-16"), "not a CSV file"),
        (b'Handle,Title,Price\noak,"Oak,1\nelm,Elm,2\n', "Line 2: the quotation marks"),
    ],
)
def test_file_that_cannot_be_read_changes_nothing(content, part) -> None:
    result = imported(content)
    assert part in result.refusal
    assert not Product.objects.exists()


def test_error_late_in_the_file_is_found_before_anything_is_written() -> None:
    good = csv_text(*(simple(Handle=f"p{number}") for number in range(50)))
    assert "Line 52" in imported(good.encode() + b"late,\xff,1,1\n").refusal
    assert not Product.objects.exists()


def test_file_above_the_limit_is_refused(settings) -> None:
    settings.PRODUCT_IMPORT_MAX_MEGABYTES = 0
    assert "larger than 0 MB" in imported(csv_text(simple())).refusal


def test_stock_stays_where_the_file_does_not_tell_it() -> None:
    ProductFactory.create(slug="oak-board", sku="OAK", stock=7)
    row = {"Handle": "oak-board", "Title": "Oak", "Variant SKU": "OAK", "Variant Price": "5"}
    imported(csv_text(row))
    assert Variant.objects.get().stock == 7
    imported(csv_text(row | {"Variant Inventory Qty": ""}))
    assert Variant.objects.get().stock == 7
    imported(csv_text(row | {"Variant Inventory Qty": "2"}))
    assert Variant.objects.get().stock == 2


def test_columns_that_are_absent_leave_what_staff_wrote() -> None:
    product = ProductFactory.create(
        slug="oak-board", summary="Heavy", description="<p>By hand</p>", tags=[Tag.objects.create(name="mine")]
    )
    imported(csv_text(simple(Title="New title")))
    changed = Product.objects.get()
    assert changed.title == "New title"
    assert (changed.summary, str(changed.description)) == ("Heavy", "<p>By hand</p>")
    assert (changed.category, changed.is_published) == (product.category, True)
    assert [tag.name for tag in changed.tags.all()] == ["mine"]


def test_a_sale_that_has_ended_ends_here_too() -> None:
    imported(csv_text(simple(Variant_Compare_At_Price="30")))
    assert Product.objects.get().on_sale
    imported(csv_text(simple(Variant_Compare_At_Price="")))
    assert not Product.objects.get().on_sale


def test_variants_that_swap_their_options_are_still_the_same_variants() -> None:
    rows = _sizes("Small", "Large", Variant_SKU="A")
    rows[1]["Variant SKU"] = "B"
    imported(csv_text(*rows))
    before = dict(Variant.objects.values_list("sku", "pk"))
    rows[0]["Option1 Value"], rows[1]["Option1 Value"] = "Large", "Small"
    assert not imported(csv_text(*rows)).problems
    assert dict(Variant.objects.values_list("sku", "pk")) == before
    assert dict(Variant.objects.values_list("sku", "title")) == {"A": "Large", "B": "Small"}


def test_variant_that_the_file_leaves_out_stays_where_it_fits() -> None:
    product = sized_product(slug="oak-board")
    result = imported(csv_text(*_sizes("Small")))
    assert "“Large” is not in the file" in messages(result, "warning")[0][1]
    assert product.variants.count() == 2


def test_variant_that_no_longer_fits_is_removed_and_named() -> None:
    product = ProductFactory.create(slug="oak-board", sku="OLD")
    result = imported(csv_text(*_sizes("Small", "Large")))
    assert "“OLD” no longer fits" in messages(result, "warning")[0][1]
    assert sorted(product.variants.values_list("title", flat=True)) == ["Large", "Small"]


def test_lists_are_right_afterwards(client, django_capture_on_commit_callbacks) -> None:
    client.get("/shop/")  # the list and the tree of categories are in the cache now
    with django_capture_on_commit_callbacks(execute=True):
        imported(csv_text(simple(Type="Boards", Published="true")))
    page = client.get("/shop/").content.decode()
    assert "Oak board" in page
    assert "Boards" in page
    assert client.get("/shop/products/oak-board/").status_code == 200


def test_cost_of_a_product_does_not_grow_with_the_catalogue(django_assert_max_num_queries) -> None:
    imported(csv_text(simple()))
    with django_assert_max_num_queries(60):
        imported(csv_text(simple()))


def test_job_runs_twice_with_the_same_result() -> None:
    record = uploaded(csv_text(simple()))
    job = runs.IMPORTER.begin(record=record)
    assert runs.IMPORTER.begin(record=record) == job, "a double click is one import"
    assert jobs.run(job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    assert jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["updated"]) == (Job.State.DONE, 1)
    assert Product.objects.count() == 1


def test_progress_counts_the_lines() -> None:
    record, seen = uploaded(csv_text(*(simple(Handle=f"p{number}") for number in range(5)))), []
    runs.perform(import_id=record.pk, dry_run=False, progress=lambda *step: seen.append(step))
    assert seen[0] == (1, 5, "Importing")
    assert seen[-1] == (5, 5, "Importing")


def test_import_that_is_stopped_keeps_and_reports_what_it_did() -> None:
    record = uploaded(csv_text(*(simple(Handle=f"p{number}") for number in range(5))))

    def stop_at_the_third(current: int, *_: object) -> None:
        if current == 3:
            raise jobs.Cancelled("enough")

    with pytest.raises(jobs.Cancelled):
        runs.perform(import_id=record.pk, dry_run=False, progress=stop_at_the_third)
    record.refresh_from_db()
    assert (record.import_report["created"], record.import_report["finished"]) == (1, False)
    assert Product.objects.count() == 1


def test_change_in_the_same_moment_leaves_the_product_out(monkeypatch) -> None:
    """Between the look at the SKUs and the write somebody else takes one."""
    seen = planning._refuse_foreign_skus

    def and_then_another_takes_it(plan) -> None:
        seen(plan)
        if not Variant.objects.filter(sku="OAK").exists():
            VariantFactory.create(sku="OAK")

    monkeypatch.setattr(planning, "_refuse_foreign_skus", and_then_another_takes_it)
    result = imported(csv_text(simple(Variant_SKU="OAK"), simple(Handle="elm", Title="Elm")))
    assert "Import again" in messages(result)[0][1]
    assert not Product.objects.filter(slug="oak-board").exists()
    assert Product.objects.filter(slug="elm").exists()


def test_deleting_an_import_deletes_its_file() -> None:
    record = uploaded(csv_text(simple()))
    storage, name = record.file.storage, record.file.name
    assert storage.exists(name)
    record.delete()
    assert not storage.exists(name)


def test_rows_of_a_product_are_read_one_product_at_a_time() -> None:
    """A file of any length: nothing below is asked for before it is needed."""
    asked = []

    def rows():
        for number in range(3):
            asked.append(number)
            values = {"handle": f"p{number}", "title": "P", "price": "1"}
            yield parsing.Row(number + 2, values)

    first = next(parsing.products(rows()))
    assert first.handle == "p0"
    assert asked == [0, 1]
