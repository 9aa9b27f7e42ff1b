"""Abstract models that the apps share, built on django-extensions' status, slug and created fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_extensions.db.fields import AutoSlugField
from django_extensions.db.models import ActivatorModel, TimeStampedModel, TitleSlugDescriptionModel


class TitledModel(TitleSlugDescriptionModel):
    """A title, an optional description, and a unique slug made from the title that staff may change."""

    slug = AutoSlugField(
        _("slug"),
        populate_from="title",
        max_length=100,
        unique=True,
        editable=True,
        overwrite_on_add=False,
        blank=True,
        help_text=_("The last part of the address. Left empty, it is made from the title."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.title)


class PublishableQuerySet(models.QuerySet[Any]):
    """Filters that decide what visitors may see."""

    def published(self, *, at: datetime | None = None) -> Self:
        """What is visible at that moment (now, unless told): published, its date come, its end not."""
        now = at or timezone.now()
        return self.filter(
            models.Q(deactivate_date__isnull=True) | models.Q(deactivate_date__gt=now),
            status=ActivatorModel.ACTIVE_STATUS,
            activate_date__lte=now,
        )

    def scheduled(self) -> Self:
        """What is published but whose date is still to come."""
        return self.filter(status=ActivatorModel.ACTIVE_STATUS, activate_date__gt=timezone.now())

    def drafts(self) -> Self:
        return self.filter(status=ActivatorModel.INACTIVE_STATUS)


PublishableManager = models.Manager.from_queryset(PublishableQuerySet)


class PublishableModel(ActivatorModel, TimeStampedModel):
    """Draft or published, from a date that may lie ahead, until a date if one is set.

    It is django-extensions' ``ActivatorModel`` with a safer default (a new row is a draft) and with
    ``activate_date`` as the publication date: empty on a draft, filled with now when it is published without one.
    """

    status = models.IntegerField(
        _("status"),
        choices=[(ActivatorModel.INACTIVE_STATUS, _("Draft")), (ActivatorModel.ACTIVE_STATUS, _("Published"))],
        default=ActivatorModel.INACTIVE_STATUS,
    )
    activate_date = models.DateTimeField(
        _("publication date"),
        blank=True,
        null=True,
        help_text=_("Visible from then on. Left empty, it is the moment of publishing."),
    )
    deactivate_date = models.DateTimeField(
        _("end of publication"), blank=True, null=True, help_text=_("Left empty, it stays visible.")
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.status == self.ACTIVE_STATUS and self.activate_date is None:
            self.activate_date = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "activate_date"}
        # Past ActivatorModel.save, which would date a draft.
        super(ActivatorModel, self).save(*args, **kwargs)

    @property
    def is_published(self) -> bool:
        now = timezone.now()
        return (
            self.status == self.ACTIVE_STATUS
            and self.activate_date is not None
            and self.activate_date <= now
            and (self.deactivate_date is None or self.deactivate_date > now)
        )

    def activate(self) -> None:
        """Publish now, or at its date where one is set, and save."""
        self.status = self.ACTIVE_STATUS
        self.save(update_fields=["status", "activate_date", "modified"])

    def deactivate(self) -> None:
        """Turn back into a draft, and save. The publication date is kept."""
        self.status = self.INACTIVE_STATUS
        self.save(update_fields=["status", "modified"])
