from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_extensions.db.fields import AutoSlugField
from modelsearch import index
from pictures.models import PictureField

from core.richtext import plain_text, rich_text_field

from .abstract import PublishableManager, PublishableModel, TitledModel

WORDS_PER_MINUTE = 220


class Tag(models.Model):
    """A word that groups posts, and products."""

    name = models.CharField(_("name"), max_length=50, unique=True)
    slug = AutoSlugField(
        _("slug"),
        populate_from="name",
        max_length=60,
        unique=True,
        editable=True,
        blank=True,
        overwrite_on_add=False,
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("core:blog_tag", kwargs={"slug": self.slug})


class BlogPost(index.Indexed, TitledModel, PublishableModel):
    """An article of the blog. Its publication date, which may lie ahead, is ``activate_date``."""

    description = None
    summary = models.TextField(_("summary"), max_length=300, help_text=_("One or two sentences, shown in lists."))
    body = rich_text_field(_("body"), pictures=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", verbose_name=_("author")
    )
    tags = models.ManyToManyField(Tag, related_name="posts", blank=True, verbose_name=_("tags"))
    cover = PictureField(
        _("cover picture"),
        upload_to="blog/",
        aspect_ratios=["16/9"],
        width_field="cover_width",
        height_field="cover_height",
        blank=True,
    )
    cover_width = models.PositiveIntegerField(editable=False, null=True)
    cover_height = models.PositiveIntegerField(editable=False, null=True)
    cover_ready = models.BooleanField(
        default=False, editable=False, help_text=_("Whether the smaller versions of the cover have been made.")
    )
    cover_alt = models.CharField(
        _("cover description"), max_length=200, blank=True, help_text=_("For those who cannot see the picture.")
    )

    objects: ClassVar[PublishableManager[BlogPost]] = PublishableManager()  # type: ignore[assignment]  # narrower than ActivatorModel's

    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("summary", boost=2),
        index.SearchField("body_text"),
        index.FilterField("id"),
    ]

    class Meta:
        ordering = ["-activate_date", "-pk"]
        indexes = [models.Index(fields=["status", "activate_date"], name="blogpost_published")]
        verbose_name = _("blog post")
        verbose_name_plural = _("blog posts")

    def get_absolute_url(self) -> str:
        return reverse("core:blog_post", kwargs={"slug": self.slug})

    @property
    def byline(self) -> str:
        """Who wrote it, for readers: a name, and never the e-mail address that stands in for one elsewhere."""
        return self.author.get_full_name() or str(settings.SITE_NAME)

    @property
    def reading_minutes(self) -> int:
        """How long an unhurried reader takes."""
        return max(1, round(len(self.body_text.split()) / WORDS_PER_MINUTE))

    @property
    def body_text(self) -> str:
        """The words alone, for the search index."""
        return plain_text(self.body)
