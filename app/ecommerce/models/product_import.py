from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.models import FileImport


class ProductImport(FileImport):
    """A file of products."""

    class Meta(FileImport.Meta):
        verbose_name = _("product import")
        verbose_name_plural = _("product imports")
