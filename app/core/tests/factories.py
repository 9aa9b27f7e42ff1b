"""Content for tests."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image

from core.models import BlogPost, ContactMessage, NewsletterSubscription, Page, Tag, Testimonial
from users.tests.factories import UserFactory

LONG_AGO = datetime(2026, 1, 1, 12, tzinfo=UTC)


def png_bytes(width: int = 1200, height: int = 900, colour: str = "#a2452b") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def picture_file(name: str = "picture.png", width: int = 1200, height: int = 900) -> ContentFile[bytes]:
    return ContentFile(png_bytes(width, height), name=name)


class TagFactory(DjangoModelFactory[Tag]):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"Tag {n}")


class BlogPostFactory(DjangoModelFactory[BlogPost]):
    """A published post; ``draft=True`` makes it a draft, ``tags=[…]`` tags it."""

    class Meta:
        model = BlogPost
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(status=BlogPost.INACTIVE_STATUS, activate_date=None)

    title = factory.Sequence(lambda n: f"Post {n}")
    summary = "What it is about, in a sentence."
    body = "<p>Some words to read.</p>"
    author = factory.SubFactory(UserFactory)
    status = BlogPost.ACTIVE_STATUS
    activate_date = LONG_AGO

    @factory.post_generation
    def tags(self: BlogPost, create: bool, extracted: list[Tag] | None, **kwargs: object) -> None:  # type: ignore[misc]
        if create and extracted:
            self.tags.set(extracted)


class PageFactory(DjangoModelFactory[Page]):
    class Meta:
        model = Page

    class Params:
        draft = factory.Trait(status=Page.INACTIVE_STATUS, activate_date=None)

    title = factory.Sequence(lambda n: f"Page {n}")
    body = "<p>Some words to read.</p>"
    status = Page.ACTIVE_STATUS
    activate_date = LONG_AGO


class TestimonialFactory(DjangoModelFactory[Testimonial]):
    __test__ = False  # pytest takes whatever begins with “Test” for tests

    class Meta:
        model = Testimonial

    author_name = "Agnes Marlow"
    author_role = "Baker, Leeds"
    quote = "The best pan I have owned."
    status = Testimonial.ACTIVE_STATUS
    activate_date = LONG_AGO


class ContactMessageFactory(DjangoModelFactory[ContactMessage]):
    class Meta:
        model = ContactMessage

    name = "Dora Visitor"
    email = factory.Sequence(lambda n: f"visitor{n}@example.com")
    subject = "A question"
    message = "Do you ship to Norway?"


class NewsletterSubscriptionFactory(DjangoModelFactory[NewsletterSubscription]):
    class Meta:
        model = NewsletterSubscription

    email = factory.Sequence(lambda n: f"reader{n}@example.com")
