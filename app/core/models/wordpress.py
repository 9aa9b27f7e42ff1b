"""What came from a WordPress site, and from where exactly: a second import finds it again by this."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import unquote

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .blog import BlogPost
from .file_import import FileImport
from .page import Page


class WordPressImport(FileImport):
    """A file of posts and pages."""

    class Meta(FileImport.Meta):
        verbose_name = _("WordPress import")
        verbose_name_plural = _("WordPress imports")


def key_of(text: str) -> str:
    """As short as an index can hold, whatever the length of the address."""
    return hashlib.sha256(text.encode()).hexdigest()


def path_key(path: str) -> str:
    """The same for every way to write a path; empty for the start page, which is ours now."""
    plain = unquote(path).strip("/")
    return key_of(plain) if plain else ""


class WordPressItem(models.Model):
    """Where a post or a page came from, and what it was like when the import last wrote it."""

    key = models.CharField(max_length=64, unique=True, editable=False)  # of its guid, which WordPress never changes
    site = models.CharField(_("site"), max_length=255, editable=False)
    wp_id = models.BigIntegerField(_("number there"), null=True, editable=False)
    address = models.TextField(_("address there"), blank=True, editable=False)
    path_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    post = models.OneToOneField(
        BlogPost, on_delete=models.CASCADE, null=True, editable=False, related_name="wordpress_item"
    )
    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, null=True, editable=False, related_name="wordpress_item"
    )
    cover_url = models.TextField(blank=True, editable=False)
    # Of what the import wrote. Where it differs from what is there, somebody has edited it here since.
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["site", "wp_id"], name="wordpressitem_there")]
        verbose_name = _("origin in WordPress")
        verbose_name_plural = _("origins in WordPress")

    def __str__(self) -> str:
        return self.address or self.key

    @property
    def thing(self) -> BlogPost | Page | None:
        found: BlogPost | Page | None = self.post or self.page
        return found


class ImportedFile(models.Model):
    """A picture or document that an imported text shows or links to."""

    source_url = models.TextField(_("where it was"), editable=False)
    source_key = models.CharField(max_length=64, unique=True, editable=False)
    path_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    file = models.FileField(_("file"), upload_to="uploads/%Y/%m/", max_length=200, editable=False)
    title = models.CharField(_("title"), max_length=200, blank=True, editable=False)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    created = models.DateTimeField(_("fetched"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self) -> str:
        return self.title or self.file.name or ""

    @property
    def is_picture(self) -> bool:
        return self.width is not None

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        storage, name = self.file.storage, self.file.name
        deleted = super().delete(*args, **kwargs)
        if name:
            storage.delete(name)
        return deleted
