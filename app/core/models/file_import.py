"""A file that somebody gave to the site to be imported, and what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.storage import private_storage


class FileImport(models.Model):
    """The file is kept privately: it may hold what is not published yet. Each of its two runs is a durable job."""

    file = models.FileField(_("file"), upload_to="imports/%Y/%m/", storage=private_storage, max_length=200)
    file_name = models.CharField(_("name of the file"), max_length=200, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    created = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    check_job = models.ForeignKey("tasks.Job", on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    import_job = models.ForeignKey("tasks.Job", on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    # What the runs found and did (core.services.file_imports.Report). Empty until there is something to say.
    check_report = models.JSONField(null=True, editable=False, encoder=DjangoJSONEncoder)
    import_report = models.JSONField(null=True, editable=False, encoder=DjangoJSONEncoder)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """The file goes too: nobody else knows of it."""
        storage, name = self.file.storage, self.file.name
        deleted = super().delete(*args, **kwargs)
        if name:
            storage.delete(name)
        return deleted
