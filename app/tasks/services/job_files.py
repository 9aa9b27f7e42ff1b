"""Files that jobs make for their owners, such as an export: private, and deleted after some days."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO

from django.conf import settings
from django.core.files import File
from django.utils import timezone

from tasks.models import JobFile
from tasks.services.running import RunningJob

BATCH = 100


@contextmanager
def written(*, job: RunningJob, name: str, content_type: str) -> Iterator[IO[bytes]]:
    """Give a file to write, and keep it as what the job has made once all of it is there.

    An attempt that is interrupted leaves nothing, and one that is repeated replaces what an earlier one has made.
    """
    # Not in the containers' /tmp, which is memory. Beside it in the same folder there is room for the whole file.
    folder = settings.PRIVATE_ROOT / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as draft:
        yield draft
        draft.seek(0)
        _keep(job, name, content_type, draft)


def _keep(job: RunningJob, name: str, content_type: str, draft: IO[bytes]) -> None:
    record, _made = JobFile.objects.get_or_create(job_id=job.id, defaults={"name": name, "content_type": content_type})
    _delete_content(record)
    record.name, record.content_type, record.created = name, content_type, timezone.now()
    record.content.save(name, File(draft), save=False)
    record.size = record.content.size
    record.save()


def delete_old() -> int:
    """Delete the content of files whose time is over, and say of how many. Their rows go with their jobs."""
    old = timezone.now() - timedelta(days=settings.JOB_FILE_RETENTION_DAYS)
    return delete(JobFile.objects.filter(created__lt=old).exclude(content="").iterator(BATCH))


def delete(records: Iterable[JobFile]) -> int:
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007  # counted
        _delete_content(record)
        record.save(update_fields=["content"])
    return number


def _delete_content(record: JobFile) -> None:
    if record.content:
        record.content.delete(save=False)
