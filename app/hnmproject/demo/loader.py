"""Puts the demo content into the database.

What is there already stays as it is: rows are found by slug, SKU, e-mail or name and left alone, so that a second run
doubles nothing and overwrites nothing that staff changed. Each product and each post is one transaction, its pictures
drawn and stored before it begins: a run that is killed goes on where it stopped.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from core.models import BlogPost, ContactMessage, NewsletterSubscription, Page, Tag, Testimonial
from ecommerce.models import Category, TaxRate
from users.models import CustomUser

from . import catalogue, content, pictures, selling
from .progress import Progress
from .prose import to_html
from .run import Run, assign
from .specs import AuthorSpec, CategorySpec, MessageSpec, PageSpec, PostSpec, ProductSpec, TestimonialSpec


def load(run: Run) -> None:
    load_shelves(run)
    load_people(run)
    products = [spec for spec in content.PRODUCTS if run.refresh or not catalogue.exists(spec)]
    posts = [spec for spec in content.POSTS if run.refresh or not BlogPost.objects.filter(slug=spec.slug).exists()]
    run.drawing = Progress(run.say, "Drawing pictures", _missing_pictures(products, posts))
    for product in products:
        catalogue.load_product(run, product)
    for post in posts:
        _load_post(run, post)


def load_shelves(run: Run) -> None:
    """The rates of tax, the ways to send things, the coupons and the tree of categories."""
    with transaction.atomic():
        for name, percent in content.TAX_RATES.items():
            _, created = TaxRate.objects.get_or_create(name=name, defaults={"percent": percent})
            run.made["tax rates"] += created
        selling.load(run)
        for position, spec in enumerate(content.CATEGORIES):
            _load_category(run, spec, position)


@transaction.atomic
def load_people(run: Run) -> None:
    """Authors, and whatever needs no picture."""
    for author in content.AUTHORS:
        _load_author(run, author)
    for position, page in enumerate(content.PAGES):
        _load_page(run, page, position)
    for position, testimonial in enumerate(content.TESTIMONIALS):
        _load_testimonial(run, testimonial, position)
    for message in content.MESSAGES:
        _load_message(run, message)
    for email, state, days in content.SUBSCRIBERS:
        _load_subscription(run, email, state, days)


def _missing_pictures(products: list[ProductSpec], posts: list[PostSpec]) -> int:
    wanted = [path for spec in products for path in catalogue.picture_paths(spec)]
    wanted += [_cover_path(spec) for spec in posts]
    return sum(not pictures.exists(path) for path in wanted)


def _load_category(run: Run, spec: CategorySpec, position: int) -> None:
    category = Category.objects.filter(slug=spec.slug).first() or Category(slug=spec.slug)
    created = category.pk is None
    if not created and not run.refresh:
        return
    parent = Category.objects.get(slug=spec.parent) if spec.parent else None
    assign(category, title=spec.title, description=spec.description, position=position, parent=parent)
    category.save()
    run.count("categories", created=created)


def _load_author(run: Run, spec: AuthorSpec) -> None:
    """Someone to sign posts who cannot log in. Never restored: the address may be a real user's by now."""
    if CustomUser.objects.filter(email=spec.email).exists():
        return
    CustomUser.objects.create_user(spec.email, first_name=spec.first_name, last_name=spec.last_name, is_active=False)
    run.made["authors"] += 1


def _load_page(run: Run, spec: PageSpec, position: int) -> None:
    page = Page.objects.filter(slug=spec.slug).first() or Page(slug=spec.slug)
    created = page.pk is None
    if not created and not run.refresh:
        return
    assign(page, title=spec.title, description=spec.description, body=to_html(spec.body))
    assign(page, position=position, in_footer=True, **run.publication(365))
    page.save()
    run.count("pages", created=created)


def _load_testimonial(run: Run, spec: TestimonialSpec, position: int) -> None:
    testimonial = Testimonial.objects.filter(author_name=spec.author_name).first()
    created = testimonial is None
    if testimonial is None:
        testimonial = Testimonial(author_name=spec.author_name)
    elif not run.refresh:
        return
    assign(testimonial, author_role=spec.author_role, quote=spec.quote, rating=spec.rating, position=position)
    assign(testimonial, **run.publication(30 + position))
    testimonial.save()
    run.count("testimonials", created=created)


def _load_message(run: Run, spec: MessageSpec) -> None:
    """Made once and never restored: what staff did with a message is theirs."""
    if ContactMessage.objects.filter(email=spec.email, subject=spec.subject).exists():
        return
    written = run.now - timedelta(days=spec.days, hours=3)
    message = ContactMessage.objects.create(
        name=spec.name,
        email=spec.email,
        subject=spec.subject,
        message=spec.message,
        handled_at=written + timedelta(hours=5) if spec.handled else None,
    )
    ContactMessage.objects.filter(pk=message.pk).update(created=written)
    run.made["contact messages"] += 1


def _load_subscription(run: Run, email: str, state: str, days: int) -> None:
    if NewsletterSubscription.objects.filter(email=email).exists():
        return
    asked = run.now - timedelta(days=days)
    confirmed = asked + timedelta(minutes=7) if state != NewsletterSubscription.State.PENDING else None
    left = asked + timedelta(days=60) if state == NewsletterSubscription.State.UNSUBSCRIBED else None
    subscription = NewsletterSubscription.objects.create(
        email=email, state=state, confirmed_at=confirmed, unsubscribed_at=left
    )
    NewsletterSubscription.objects.filter(pk=subscription.pk).update(created=asked)
    run.made["newsletter subscriptions"] += 1


def _cover_path(spec: PostSpec) -> str:
    return f"blog/{spec.slug}.jpg"


def _load_post(run: Run, spec: PostSpec) -> None:
    path = _cover_path(spec)
    post = BlogPost.objects.filter(slug=spec.slug).first() or BlogPost(slug=spec.slug)
    created = post.pk is None
    keeps_cover = post.cover.name == path and pictures.exists(path)
    cover = None if keeps_cover else run.store(spec.cover.name, path)
    with transaction.atomic():
        _write_post(run, post, spec, cover)
    run.count("posts", created=created)


def _write_post(run: Run, post: BlogPost, spec: PostSpec, cover: pictures.Stored | None) -> None:
    author = CustomUser.objects.get(email=spec.author)
    assign(post, title=spec.title, summary=spec.summary, body=to_html(spec.body), author=author)
    assign(post, cover_alt=spec.cover.alt, **run.publication(spec.days))
    if cover is not None:
        # The size is known here, so that nothing has to open the file to measure it.
        assign(post, cover_width=cover.width, cover_height=cover.height, cover=cover.name)
    post.save()
    post.tags.set(tags(spec.tags))


def tags(names: tuple[str, ...]) -> list[Tag]:
    return [Tag.objects.get_or_create(name=name)[0] for name in names]
