from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .abstract import PublishableManager, PublishableModel

MOST_STARS = 5


class Testimonial(PublishableModel):
    """What a customer said of us, shown on the home page."""

    author_name = models.CharField(_("name"), max_length=100)
    author_role = models.CharField(_("role"), max_length=100, blank=True, help_text=_("For example “Baker, Leeds”."))
    quote = models.TextField(_("quote"), max_length=500)
    rating = models.PositiveSmallIntegerField(
        _("rating"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_STARS)]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar[PublishableManager[Testimonial]] = PublishableManager()  # type: ignore[assignment]  # narrower than ActivatorModel's

    class Meta:
        ordering = ["position", "-activate_date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rating__gte=1, rating__lte=MOST_STARS), name="testimonial_rating_from_1_to_5"
            )
        ]
        verbose_name = _("testimonial")
        verbose_name_plural = _("testimonials")

    def __str__(self) -> str:
        return self.author_name

    @property
    def stars_on(self) -> str:
        return "★" * self.rating

    @property
    def stars_off(self) -> str:
        return "★" * (MOST_STARS - self.rating)
