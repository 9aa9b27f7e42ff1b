from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.richtext import rich_text_field

from .abstract import PublishableManager, PublishableModel, TitledModel


class Page(TitledModel, PublishableModel):
    """A page that changes seldom: about us, terms, privacy, shipping and returns."""

    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("One sentence for search engines.")
    )
    body = rich_text_field(_("body"), pictures=True)
    in_footer = models.BooleanField(_("linked in the footer"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Order in the footer."))

    objects: ClassVar[PublishableManager[Page]] = PublishableManager()  # type: ignore[assignment]  # narrower than ActivatorModel's

    class Meta:
        ordering = ["position", "title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def get_absolute_url(self) -> str:
        return reverse("core:page", kwargs={"slug": self.slug})
