"""The demo: what it makes, what it leaves alone, and its pictures."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from PIL import Image

from core import models as core
from core.models import BlogPost, ContactMessage, NewsletterSubscription, Page, Tag
from ecommerce.models import Category, Product, ProductImage, TaxRate, Variant
from hnmproject.demo import bulk, content, pictures, progress
from hnmproject.demo.drawing.canvas import encode
from hnmproject.demo.drawing.products import PRODUCTS as PRODUCT_PICTURES
from hnmproject.demo.drawing.scenes import COVERS
from hnmproject.demo.prose import to_html
from tasks.models import Job
from users.models import CustomUser

MODELS = (
    TaxRate, Category, Product, Variant, ProductImage, Tag, BlogPost, Page, core.Testimonial, ContactMessage,
    NewsletterSubscription, CustomUser, Job,
)  # fmt: skip
TINY = 24


def run_demo(**options: Any) -> str:
    output = io.StringIO()
    call_command("demo", force=True, pixels=TINY, stdout=output, **options)
    return output.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


def paper(name: str, *, pixels: int) -> bytes:
    """A stand-in for a drawing: the right size, and quick."""
    return encode(Image.new("RGB", pictures.size(name, pixels=pixels), "beige"))


@pytest.fixture
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "draw", paper)


@pytest.fixture
def small_demo(monkeypatch: pytest.MonkeyPatch, no_drawing: None) -> None:
    """Three products and two posts are enough to see how the command behaves."""
    monkeypatch.setattr(content, "PRODUCTS", content.PRODUCTS[:3])
    monkeypatch.setattr(content, "POSTS", content.POSTS[:2])


@pytest.fixture(scope="class")
def whole_demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All of it, loaded once for the tests that only read."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(pictures, "draw", paper)
        run_demo()
        yield
        transaction.set_rollback(True)


def top_category(product: Product) -> str:
    category = product.category
    return category.parent.slug if category.parent else category.slug


@pytest.mark.django_db
@pytest.mark.usefixtures("whole_demo")
class TestContent:
    def test_fills_five_categories_with_products(self) -> None:
        published = Product.objects.published().select_related("category__parent")
        by_category = Counter(top_category(product) for product in published)
        assert set(by_category) == {"kitchen", "table", "textiles", "light", "garden"}
        assert min(by_category.values()) >= 5
        assert by_category.total() >= 32

    def test_shows_every_state_of_a_product(self) -> None:
        visible = Product.objects.published()
        assert Product.objects.drafts().count() == 1
        assert Product.objects.scheduled().count() == 1
        assert visible.filter(in_stock=False).count() == 1
        assert visible.filter(on_sale=True).count() >= 5
        assert visible.filter(featured=True).count() == 8
        assert Variant.objects.filter(stock=0).count() >= 5
        assert Variant.objects.filter(stock__range=(1, 5)).count() >= 5

    def test_gives_many_products_several_variants(self) -> None:
        several = [product for product in Product.objects.prefetch_related("variants") if product.variants.count() > 1]
        assert len(several) >= 10
        assert any(len(product.option_names) == 2 for product in several)

    def test_every_row_passes_the_checks_of_the_admin(self) -> None:
        for model in (Category, Product, Variant, ProductImage, BlogPost, Page, core.Testimonial):
            for row in model.objects.all():
                row.full_clean()

    def test_publishes_posts_over_a_year(self) -> None:
        posts = BlogPost.objects.published()
        assert posts.count() >= 12
        assert BlogPost.objects.drafts().count() == 1
        assert BlogPost.objects.scheduled().count() == 1
        assert {post.author.get_full_name() for post in posts} == {"Ines Halloran", "Tomas Weir", "Maud Okafor"}
        assert 6 <= Tag.objects.filter(posts__in=posts).distinct().count() <= 8
        newest, oldest = posts.first(), posts.last()
        assert newest is not None
        assert oldest is not None
        assert (newest.activate_date - oldest.activate_date).days > 250

    def test_posts_are_long_enough_to_be_worth_reading(self) -> None:
        for post in BlogPost.objects.published():
            words = len(re.sub(r"<[^>]+>", " ", post.body).split())
            assert 250 <= words <= 600, (post.slug, words)
            assert "<h2>" in post.body
            assert "<li>" in post.body
            assert 'href="/shop/' in post.body or post.slug == "mending-with-gold", post.slug

    def test_nothing_is_filler(self) -> None:
        texts = [
            *Product.objects.values_list("description", flat=True),
            *BlogPost.objects.values_list("body", flat=True),
        ]
        assert not [text for text in texts if re.search(r"lorem|ipsum|dolor sit", text, re.IGNORECASE)]

    def test_quotes_are_typographic(self) -> None:
        for body in (
            *Product.objects.values_list("description", flat=True),
            *Page.objects.values_list("body", flat=True),
        ):
            assert not re.search(r"['\"]", re.sub(r"<[^>]+>", "", body))

    def test_every_picture_has_a_description_and_waits_for_its_renditions(self) -> None:
        images = ProductImage.objects.all()
        assert not images.filter(alt="").exists()
        assert not BlogPost.objects.filter(cover_alt="").exists()
        wanted = images.count() + BlogPost.objects.count()
        assert Job.objects.filter(kind="core.render_pictures", state=Job.State.QUEUED).count() == wanted

    def test_rich_text_survives_the_sanitiser_unchanged(self) -> None:
        for model, name in ((Product, "description"), (BlogPost, "body"), (Page, "body")):
            field = model._meta.get_field(name)
            for row in model.objects.all():
                assert field.clean(getattr(row, name), row) == getattr(row, name)

    def test_every_link_leads_somewhere(self, client: Client) -> None:
        texts = [
            *Product.objects.values_list("description", flat=True),
            *BlogPost.objects.values_list("body", flat=True),
            *Page.objects.values_list("body", flat=True),
        ]
        links = {link for text in texts for link in re.findall(r'href="([^"]+)"', text)}
        assert len(links) >= 30
        assert not {link for link in links if not link.startswith("/")}
        broken = {
            link: status for link in sorted(links) if (status := client.get(link, follow=True).status_code) != 200
        }
        assert broken == {}

    def test_every_page_opens(self, client: Client) -> None:
        rows = [
            *Product.objects.published(),
            *BlogPost.objects.published(),
            *Page.objects.published(),
            *Category.objects.all(),
        ]
        assert len(rows) > 90
        assert [row for row in rows if client.get(row.get_absolute_url()).status_code != 200] == []

    def test_products_are_found_by_their_tags(self, client: Client) -> None:
        page = client.get("/shop/search/", {"q": "beeswax"})
        assert "Beeswax pillar candle" in page.content.decode()

    def test_authors_cannot_log_in(self) -> None:
        for author in CustomUser.objects.all():
            assert not author.is_active
            assert not author.is_staff
            assert not author.has_usable_password()

    def test_people_are_invented(self) -> None:
        addresses = [
            *CustomUser.objects.values_list("email", flat=True),
            *ContactMessage.objects.values_list("email", flat=True),
            *NewsletterSubscription.objects.values_list("email", flat=True),
        ]
        assert len(addresses) >= 12
        assert all(re.search(r"@example\.(com|org)$", address) for address in addresses)


@pytest.mark.django_db
def test_refuses_where_debug_is_off() -> None:
    with pytest.raises(CommandError, match="--force"):
        call_command("demo")
    assert not Product.objects.exists()


@pytest.mark.django_db
def test_twice_doubles_nothing(small_demo: None) -> None:
    run_demo()
    before = counts()
    assert "nothing was changed" in run_demo()
    assert counts() == before


@pytest.mark.django_db
def test_keeps_what_staff_changed_until_told_to_refresh(small_demo: None) -> None:
    run_demo()
    Product.objects.filter(slug="cast-iron-skillet").update(
        title="Our pan", category=Category.objects.get(slug="garden")
    )
    Variant.objects.filter(sku="HM-SKL-20").update(price=1)
    BlogPost.objects.filter(slug="looking-after-cast-iron").update(title="Rust never sleeps")
    Page.objects.filter(slug="imprint").update(body="<p>Ours</p>")
    run_demo()
    assert Product.objects.get(slug="cast-iron-skillet").title == "Our pan"
    assert Variant.objects.get(sku="HM-SKL-20").price == 1
    assert BlogPost.objects.get(slug="looking-after-cast-iron").title == "Rust never sleeps"
    before = counts()
    assert "Set back" in run_demo(refresh=True)
    product = Product.objects.get(slug="cast-iron-skillet")
    assert (product.title, product.category.slug, product.price_from) == ("Cast-iron skillet", "pots-and-pans", 34)
    assert BlogPost.objects.get(slug="looking-after-cast-iron").title == "Looking after cast iron"
    assert "invented company" in Page.objects.get(slug="imprint").body
    assert {**counts(), "Job": 0} == {**before, "Job": 0}


@pytest.mark.django_db
def test_refresh_leaves_what_staff_added(small_demo: None) -> None:
    run_demo()
    product = Product.objects.get(slug="cast-iron-skillet")
    Variant.objects.create(product=product, sku="OURS", option_values=["40 cm"], price=90)
    Product.objects.create(title="Ours", category=product.category, tax_rate=product.tax_rate)
    run_demo(refresh=True)
    assert product.variants.filter(sku="OURS").exists()
    assert Product.objects.filter(slug="ours").exists()


@pytest.mark.django_db
def test_knows_a_product_by_its_sku_when_its_address_changed(small_demo: None) -> None:
    run_demo()
    Product.objects.filter(slug="cast-iron-skillet").update(slug="our-pan")
    run_demo()
    assert Product.objects.count() == 3


@pytest.mark.django_db
def test_refresh_draws_a_lost_picture_again(small_demo: None) -> None:
    run_demo()
    image = ProductImage.objects.get(image="products/cast-iron-skillet-1.jpg")
    default_storage.delete(image.image.name)
    run_demo(refresh=True)
    assert default_storage.exists("products/cast-iron-skillet-1.jpg")


@pytest.mark.django_db(transaction=True)
def test_goes_on_where_it_was_killed(small_demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "draw", fails_at(4))
    with pytest.raises(KeyboardInterrupt):
        run_demo()
    begun = Product.objects.count()
    assert 0 < begun < 3
    assert all(product.variants.exists() and product.images.exists() for product in Product.objects.all())
    monkeypatch.setattr(pictures, "draw", paper)
    run_demo()
    assert Product.objects.count() == 3
    assert BlogPost.objects.count() == 2
    assert ProductImage.objects.count() == sum(len(spec.pictures) for spec in content.PRODUCTS)
    assert sorted(default_storage.listdir("products")[1]) == sorted(
        Path(name).name for name in ProductImage.objects.values_list("image", flat=True)
    )


def fails_at(number: int) -> Callable[..., bytes]:
    drawn: list[str] = []

    def draw(name: str, *, pixels: int) -> bytes:
        drawn.append(name)
        if len(drawn) == number:
            raise KeyboardInterrupt
        return paper(name, pixels=pixels)

    return draw


@pytest.mark.django_db
def test_waits_for_the_renditions_when_asked(monkeypatch: pytest.MonkeyPatch, no_drawing: None) -> None:
    knife = next(spec for spec in content.PRODUCTS if spec.slug == "bread-knife")
    monkeypatch.setattr(content, "PRODUCTS", [knife])
    monkeypatch.setattr(content, "POSTS", [])
    run_demo()
    assert not ProductImage.objects.get().image_ready
    assert "Rendering pictures" in run_demo(wait=True)
    assert ProductImage.objects.get().image_ready


def test_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    quiet = progress.Progress(said.append, "Drawing pictures", 2)
    quiet.step()
    assert said == []
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    quiet.step()
    assert said == ["Drawing pictures 2/2"]


@pytest.mark.django_db
def test_makes_many_products_and_tops_up(small_demo: None, client: Client) -> None:
    run_demo()
    assert "Made 50 products" in run_demo(products=50)
    made = bulk.generated()
    assert made.count() == 50
    assert all(product.price_from > 0 and product.option_names != [""] for product in made)
    assert set(made.values_list("images__image", flat=True)) <= set(
        ProductImage.objects.filter(product__slug__in=[s.slug for s in content.PRODUCTS]).values_list(
            "image", flat=True
        )
    )
    assert len({top_category(product) for product in made}) == 5
    titles = list(made.order_by("pk").values_list("title", flat=True))
    assert "Made 10 products" in run_demo(products=60)
    assert bulk.count() == 60
    assert list(bulk.generated().order_by("pk").values_list("title", flat=True))[:50] == titles
    first = bulk.generated().order_by("pk").first()
    assert first is not None
    assert first.title.partition(" “")[0] in client.get("/shop/search/", {"q": first.title}).content.decode()
    assert client.get(first.get_absolute_url()).status_code == 200
    assert "Made 0 products" in run_demo(products=60)


@pytest.mark.django_db
def test_removes_only_the_generated_products(small_demo: None) -> None:
    run_demo()
    before = counts()
    run_demo(products=30)
    assert "Deleted 30" in run_demo(remove_products=True, yes=True)
    assert counts() == before
    assert default_storage.exists("products/cast-iron-skillet-1.jpg")
    assert "no generated products" in run_demo(remove_products=True)


@pytest.mark.django_db
def test_asks_before_removing(small_demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    run_demo(products=5)
    monkeypatch.setattr("builtins.input", lambda prompt: "n")
    with pytest.raises(CommandError, match="Nothing was deleted"):
        run_demo(remove_products=True)
    assert bulk.count() == 5


@pytest.mark.django_db
def test_makes_products_without_the_demo_having_been_loaded(no_drawing: None) -> None:
    run_demo(products=12)
    assert bulk.count() == 12
    assert not ProductImage.objects.exists()


@pytest.mark.django_db
def test_generated_products_share_finished_renditions(small_demo: None) -> None:
    run_demo()
    run_demo(products=20)
    assert not ProductImage.objects.filter(image_ready=True).exists()
    ProductImage.objects.exclude(product__in=bulk.generated()).update(image_ready=True)
    run_demo(products=20)
    assert not ProductImage.objects.filter(image_ready=False).exists()


@pytest.mark.django_db
def test_refuses_a_number_below_zero() -> None:
    with pytest.raises(CommandError, match="from 0 up"):
        run_demo(products=-1)


SAMPLES = ["skillet", "mug-slate", "wine-glasses", "blanket-ochre", "lantern", "planter-slate", "cover-herbs"]


@pytest.mark.parametrize("name", SAMPLES)
def test_draws_a_picture_of_the_right_size(name: str) -> None:
    image = Image.open(io.BytesIO(pictures.draw(name, pixels=120)))
    image.load()
    assert image.format == "JPEG"
    assert image.size == ((160, 90) if name.startswith("cover") else (120, 120))
    assert len(image.getcolors(maxcolors=120 * 160) or []) > 500, "a picture, not a grey box"


def test_draws_the_same_every_time() -> None:
    assert pictures.draw("basket", pixels=96) == pictures.draw("basket", pixels=96)


def test_full_size_is_what_the_shop_shows() -> None:
    assert pictures.size("mug-slate", pixels=pictures.PIXELS) == (1200, 1200)
    assert pictures.size("cover-tea", pixels=pictures.PIXELS) == (1600, 900)


def test_every_picture_that_is_asked_for_can_be_drawn() -> None:
    asked = {picture.name for spec in content.PRODUCTS for picture in spec.pictures}
    assert asked <= set(PRODUCT_PICTURES)
    assert {post.cover.name for post in content.POSTS} <= set(COVERS)


def test_turns_plain_text_into_what_the_editor_writes() -> None:
    text = """
        ## Care & use

        Wipe it, **dry** it, *never*
        soak it. See [the guide](/blog/x/).

        - one
        - two
          and a half

        1. first

        > said so
    """
    assert to_html(text) == (
        "<h2>Care &amp; use</h2>"
        '<p>Wipe it, <strong>dry</strong> it, <em>never</em> soak it. See <a href="/blog/x/">the guide</a>.</p>'
        "<ul><li><p>one</p></li><li><p>two and a half</p></li></ul>"
        "<ol><li><p>first</p></li></ol>"
        "<blockquote><p>said so</p></blockquote>"
    )
