"""What the forms of the admin refuse, fill in and keep."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from core.models import BlogPost, Page
from core.tests.factories import BlogPostFactory, TagFactory
from ecommerce.models import Category, Product, Variant
from ecommerce.tests.factories import CategoryFactory, ProductFactory, TaxRateFactory, sized_product
from users.models import CustomUser
from users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def _variant(number: int = 0, **fields) -> dict[str, str]:
    values = {"option_values": "", "sku": f"NEW-{number}", "price": "12.00", "stock": "4", "weight_grams": "0"}
    values |= {"compare_at_price": "", "position": str(number), "id": "", **fields}
    return {f"variants-{number}-{name}": value for name, value in values.items()}


def _product(*variants: dict[str, str], initial: int = 0, **fields) -> dict[str, str]:
    data = {
        "title": "Copper pan",
        "slug": "",
        "summary": "",
        "description": "<p>Well <strong>made</strong><script>alert(1)</script></p>",
        "category": str(CategoryFactory.create().pk),
        "tax_rate": str(TaxRateFactory.create().pk),
        "option_names": "",
        "status": "0",
        "variants-TOTAL_FORMS": str(len(variants)),
        "variants-INITIAL_FORMS": str(initial),
        "images-TOTAL_FORMS": "0",
        "images-INITIAL_FORMS": "0",
        **fields,
    }
    for variant in variants:
        data |= variant
    return data


ADD_PRODUCT = "/admin/ecommerce/product/add/"


# --- Products


def test_makes_a_product_with_variants_typed_as_words(client, bob) -> None:
    client.force_login(bob)
    small, large = _variant(0, option_values="Small, Blue"), _variant(1, option_values=" Large ,Blue", price="20")
    response = client.post(ADD_PRODUCT, _product(small, large, option_names="Size, Colour"))
    assert response.status_code == 302

    product = Product.objects.get()
    assert product.slug == "copper-pan"
    assert product.option_names == ["Size", "Colour"]
    assert [variant.title for variant in product.variants.all()] == ["Small / Blue", "Large / Blue"]
    assert (product.price_from, product.price_to, product.in_stock) == (12, 20, True)
    assert product.description == "<p>Well <strong>made</strong></p>"


def test_shows_the_words_again_with_commas(client, bob) -> None:
    product = sized_product()
    client.force_login(bob)
    page = client.get(reverse("admin:ecommerce_product_change", args=[product.pk])).content.decode()
    assert 'name="option_names" value="Size"' in page
    assert 'name="variants-0-option_values" value="Small"' in page


def test_refuses_a_product_without_a_variant(client, bob) -> None:
    client.force_login(bob)
    page = client.post(ADD_PRODUCT, _product()).content.decode()
    assert "A product needs at least one variant" in page
    assert not Product.objects.exists()


def test_refuses_to_delete_the_last_variant(client, bob) -> None:
    product = ProductFactory.create()
    variant = product.variants.get()
    client.force_login(bob)
    data = _product(_variant(0, id=str(variant.pk), sku=variant.sku, DELETE="on"), initial=1)
    data["variants-0-product"] = str(product.pk)
    page = client.post(reverse("admin:ecommerce_product_change", args=[product.pk]), data).content.decode()
    assert "A product needs at least one variant" in page
    assert Variant.objects.filter(pk=variant.pk).exists()


def test_refuses_two_new_variants_with_the_same_values(client, bob) -> None:
    client.force_login(bob)
    variants = [_variant(number, option_values="Small") for number in range(2)]
    page = client.post(ADD_PRODUCT, _product(*variants, option_names="Size")).content.decode()
    assert "Two variants cannot have the same option values." in page


def test_refuses_two_variants_without_options(client, bob) -> None:
    client.force_login(bob)
    page = client.post(ADD_PRODUCT, _product(_variant(0), _variant(1))).content.decode()
    assert "Two variants cannot have the same option values." in page
    assert not Product.objects.exists()


def test_refuses_values_that_do_not_fit_the_options(client, bob) -> None:
    client.force_login(bob)
    page = client.post(
        ADD_PRODUCT, _product(_variant(0, option_values="Small, Blue"), option_names="Size")
    ).content.decode()
    assert "give one value" in page


def test_refuses_a_price_before_that_is_not_above(client, bob) -> None:
    client.force_login(bob)
    page = client.post(ADD_PRODUCT, _product(_variant(0, compare_at_price="10.00"))).content.decode()
    assert "The compare-at price must be above the price." in page


def test_categories_are_offered_as_a_tree(client, bob) -> None:
    kitchen = CategoryFactory.create(title="Kitchen", position=1)
    CategoryFactory.create(title="Light", position=2)
    CategoryFactory.create(title="Pots", parent=kitchen)
    client.force_login(bob)
    page = client.get(ADD_PRODUCT)
    titles = [str(label).strip() for _, label in page.context["adminform"].form.fields["category"].choices]
    assert titles[1:] == ["Kitchen", "Pots", "Light"]


def test_category_list_is_a_tree(client, bob) -> None:
    kitchen = CategoryFactory.create(title="Kitchen", position=1)
    CategoryFactory.create(title="Light", position=2)
    CategoryFactory.create(title="Pots", parent=kitchen, position=9)
    client.force_login(bob)
    url = reverse("admin:ecommerce_category_changelist")
    assert [category.title for category in client.get(url).context["cl"].result_list] == ["Kitchen", "Pots", "Light"]
    by_title = client.get(url, {"o": "-1"}).context["cl"].result_list
    assert [category.title for category in by_title] == ["Pots", "Light", "Kitchen"]


def test_positions_are_changed_in_the_list(client, bob) -> None:
    first, second = CategoryFactory.create(position=1), CategoryFactory.create(position=2)
    client.force_login(bob)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "_save": "Save"}
    for index, (category, position) in enumerate([(first, 5), (second, 2)]):
        data |= {f"form-{index}-id": str(category.pk), f"form-{index}-position": str(position)}
    assert client.post(reverse("admin:ecommerce_category_changelist"), data).status_code == 302
    assert list(Category.objects.all()) == [second, first]


@pytest.mark.parametrize(
    ("stock", "found"), [("low", ["Few left"]), ("none", ["Sold out"]), ("some", ["Enough", "Few left"])]
)
def test_products_are_filtered_by_stock(client, bob, stock, found) -> None:
    for title, pieces in (("Sold out", 0), ("Few left", 5), ("Enough", 6)):
        ProductFactory.create(title=title, stock=pieces)
    client.force_login(bob)
    results = client.get("/admin/ecommerce/product/", {"stock": stock}).context["cl"].result_list
    assert sorted(product.title for product in results) == found


def test_support_looks_at_products_without_changing_them(client, dave) -> None:
    product = ProductFactory.create(title="Copper pan")
    client.force_login(dave)
    url = reverse("admin:ecommerce_product_change", args=[product.pk])
    assert "Copper pan" in client.get(url).content.decode()
    assert client.post(url, _product(_variant(0))).status_code == 403


# --- The blog


def _post(**fields) -> dict[str, str]:
    data = {"title": "On pans", "slug": "", "summary": "Pans.", "body": "<p>Text</p>", "status": "0"}
    return {**data, **{name: str(value) for name, value in fields.items()}}


def test_author_of_a_new_post_is_who_writes_it(client, erin) -> None:
    client.force_login(erin)
    form = client.get("/admin/core/blogpost/add/").context["adminform"].form
    assert form.initial["author"] == erin.pk
    client.post("/admin/core/blogpost/add/", _post(author=erin.pk, tags=TagFactory.create().pk))
    assert BlogPost.objects.get().slug == "on-pans"


def test_authors_are_staff(client, erin, alice, bob) -> None:
    client.force_login(erin)
    form = client.get("/admin/core/blogpost/add/").context["adminform"].form
    assert set(form.fields["author"].queryset) == {bob, erin}
    assert client.post("/admin/core/blogpost/add/", _post(author=alice.pk)).status_code == 200
    assert not BlogPost.objects.exists()


def test_author_who_has_left_stays_the_author(client, erin, alice) -> None:
    post = BlogPostFactory.create(author=alice)
    client.force_login(erin)
    url = reverse("admin:core_blogpost_change", args=[post.pk])
    assert client.post(url, _post(author=alice.pk)).status_code == 302
    post.refresh_from_db()
    assert (post.author, post.title) == (alice, "On pans")


def test_slug_can_be_chosen_but_not_taken(client, erin) -> None:
    BlogPostFactory.create(slug="taken")
    client.force_login(erin)
    assert client.post("/admin/core/blogpost/add/", _post(author=erin.pk, slug="mine")).status_code == 302
    assert client.post("/admin/core/blogpost/add/", _post(author=erin.pk, slug="taken")).status_code == 200
    assert set(BlogPost.objects.values_list("slug", flat=True)) == {"mine", "taken"}


def test_slug_left_empty_is_made_from_the_title_and_numbered(client, erin) -> None:
    client.force_login(erin)
    for _ in range(2):
        client.post("/admin/core/blogpost/add/", _post(author=erin.pk))
    assert set(BlogPost.objects.values_list("slug", flat=True)) == {"on-pans", "on-pans-2"}


def test_page_is_made_and_linked_in_the_footer(client, erin) -> None:
    client.force_login(erin)
    data = {"title": "Shipping", "body": "<p>Text</p>", "status": "1", "in_footer": "on", "position": "1"}
    assert client.post("/admin/core/page/add/", data).status_code == 302
    assert Page.objects.published().get().in_footer


def test_tag_tells_where_it_is_used(client, erin) -> None:
    tag = TagFactory.create(name="Linen")
    BlogPostFactory.create_batch(2, tags=[tag])
    ProductFactory.create(tags=[tag])
    client.force_login(erin)
    assert "2 blog posts, 1 product" in client.get("/admin/core/tag/").content.decode()


# --- People


def test_administrator_makes_an_account_that_can_log_in(client, root) -> None:
    client.force_login(root)
    data = {"email": "New@Example.com", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/admin/users/customuser/add/", data).status_code == 302
    client.logout()
    client.post(reverse("account_login"), {"login": "new@example.com", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(CustomUser.objects.get(email="new@example.com").pk)


@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@example.com"])
def test_second_account_with_an_address_is_refused(client, root, alice, email) -> None:
    client.force_login(root)
    data = {"email": email, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert "exists already" in client.post("/admin/users/customuser/add/", data).content.decode()


def test_address_changed_by_an_administrator_takes_over(client, root, alice) -> None:
    client.force_login(root)
    url = reverse("admin:users_customuser_change", args=[alice.pk])
    data = {"email": "alicia@example.com", "first_name": "Alice", "last_name": "Example", "is_active": "on"}
    assert client.post(url, data).status_code == 302
    assert list(EmailAddress.objects.filter(user=alice).values_list("email", "verified")) == [
        ("alicia@example.com", True)
    ]


def test_other_changes_leave_the_address_unconfirmed(client, root) -> None:
    person = UserFactory.create(verified=False)
    client.force_login(root)
    url = reverse("admin:users_customuser_change", args=[person.pk])
    client.post(url, {"email": person.email, "first_name": "New", "is_active": "on"})
    person.refresh_from_db()
    assert person.first_name == "New"
    assert not EmailAddress.objects.get(user=person).verified


def test_support_sees_people_but_neither_changes_them_nor_sees_hashes(client, dave, alice) -> None:
    client.force_login(dave)
    url = reverse("admin:users_customuser_change", args=[alice.pk])
    page = client.get(url).content.decode()
    assert alice.email in page
    assert "algorithm" not in page
    assert client.post(url, {"email": alice.email, "is_superuser": "on"}).status_code == 403


def test_list_of_people_tells_whose_address_is_confirmed(client, root) -> None:
    waiting = UserFactory.create(verified=False)
    client.force_login(root)
    results = client.get("/admin/users/customuser/", {"verified": "no"}).context["cl"].result_list
    assert list(results) == [waiting]
