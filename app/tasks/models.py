"""Durable jobs: the table is the truth, Redis only wakes a worker early."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.storage import private_storage


class Lease(models.Model):
    """What one process at a time may do, until a time that it puts off for as long as it lives."""

    name = models.CharField(max_length=60, primary_key=True)
    owner = models.CharField(max_length=64)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.owner}"


class BackupWatch(models.Model):
    """What the hourly look at the backups found: one row, for whoever does not see their folder."""

    ONLY: ClassVar[int] = 1

    looked = models.DateTimeField(null=True)
    summed = models.DateTimeField(null=True)  # when the newest was last read to its end
    name = models.CharField(max_length=60, blank=True)
    made = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    verified = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    told = models.BooleanField(default=False)  # staff know of the problem

    def __str__(self) -> str:
        return self.name


class Process(models.Model):
    """A worker or beat, with the last time that it said it lives."""

    class Role(models.TextChoices):
        WORKER = "worker", _("worker")
        BEAT = "beat", _("beat")

    name = models.CharField(_("name"), max_length=120, unique=True)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    queues = models.CharField(_("queues"), max_length=100, blank=True)
    release = models.CharField(_("release"), max_length=100, blank=True)
    started = models.DateTimeField(_("started"))
    seen = models.DateTimeField(_("last seen"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("process")
        verbose_name_plural = _("processes")

    def __str__(self) -> str:
        return self.name

    @property
    def served(self) -> list[str]:
        return self.queues.split(",")


class Job(models.Model):
    """Something that must happen: asked for in the transaction that needs it, done by a worker, kept as a record."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")

    UNFINISHED: ClassVar[tuple[str, ...]] = (State.QUEUED, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=60, help_text=_("Names the registered handler."))
    arguments = models.JSONField(_("arguments"), default=dict, encoder=DjangoJSONEncoder)
    key = models.CharField(
        _("key"),
        max_length=190,
        null=True,
        blank=True,
        help_text=_("Within a kind a key is unique: asked for twice, done once. Empty: every request is a job."),
    )
    queue = models.CharField(_("queue"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    run_after = models.DateTimeField(_("not before"), default=timezone.now)
    sent_at = models.DateTimeField(_("last sent to a queue"), null=True, editable=False)
    lease = models.CharField(_("lease"), max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(_("lease ends"), null=True, editable=False)
    worker = models.CharField(_("worker"), max_length=120, blank=True, db_default="", editable=False)
    cancel_requested = models.BooleanField(_("asked to stop"), default=False, db_default=False, editable=False)
    give_back_requested = models.BooleanField(_("asked back"), default=False, db_default=False, editable=False)

    progress_current = models.PositiveIntegerField(_("progress"), default=0)
    progress_total = models.PositiveIntegerField(_("of"), default=0, help_text=_("0 where it is not known."))
    progress_message = models.CharField(_("message"), max_length=200, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField(_("error"), blank=True)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("owner"),
    )
    request_id = models.CharField(_("request"), max_length=64, blank=True, help_text=_("Which request asked for it."))
    language = models.CharField(_("language"), max_length=10, blank=True, default="", db_default="", editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    started = models.DateTimeField(_("started"), null=True, editable=False)
    finished = models.DateTimeField(_("finished"), null=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # Rows without a key are never equal to each other: NULLs differ, in MySQL as in SQLite.
            models.UniqueConstraint(fields=["kind", "key"], name="job_once_per_key"),
        ]
        indexes = [
            models.Index(fields=["state", "run_after"], name="job_due"),
            models.Index(fields=["state", "lease_until"], name="job_lease"),
            models.Index(fields=["state", "finished"], name="job_finished"),
        ]
        permissions = [
            ("retry_job", _("Can retry jobs")),
            ("cancel_job", _("Can cancel jobs")),
            ("watch_flower", _("Can watch Flower")),
        ]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED

    @property
    def is_stopping(self) -> bool:
        """It runs on to its next checkpoint, where it finds that somebody cancelled it."""
        return self.cancel_requested and self.state == self.State.RUNNING

    @property
    def percent(self) -> int | None:
        """How much is done, in whole percent; None where the total is not known."""
        if not self.progress_total:
            return None
        return min(100, self.progress_current * 100 // self.progress_total)


class JobFile(models.Model):
    """What a job has made for its owner to download. Without content once its time is over."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="file", verbose_name=_("job"))
    content = models.FileField(_("file"), storage=private_storage, upload_to="jobs/%Y/%m/", max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"), default=0, help_text=_("In bytes."))
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("file of a job")
        verbose_name_plural = _("files of jobs")

    def __str__(self) -> str:
        return self.name

    @property
    def kept_until(self) -> datetime:
        return self.created + timedelta(days=settings.JOB_FILE_RETENTION_DAYS)
