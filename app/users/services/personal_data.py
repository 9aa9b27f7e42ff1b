"""What is stored about a person: one copy of all of it, to take away.

Each app says what it has, under a name of its own, in its ``personal.py``: this module knows none of them.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone

from tasks.models import Job
from tasks.services import job_files, jobs
from users.models import CustomUser

COPY = "users.copy_personal_data"
# Whoever asks again soon gets the same copy: making one reads much, and holds all invoices.
FRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Part:
    """``read`` gives what becomes JSON; ``files`` gives names below the part's folder, with contents, one by one.

    ``forget`` deletes what need not be kept, in the transaction that then deletes the account, and with it every row
    that belongs to it by a cascade.
    """

    name: str
    read: Callable[[CustomUser], Any]
    files: Callable[[CustomUser], Iterable[tuple[str, bytes]]] | None = None
    forget: Callable[[CustomUser], None] | None = None


_parts: dict[str, Part] = {}


def contribute(part: Part) -> None:
    """Raise ValueError where another part has the name."""
    if part.name in _parts:
        raise ValueError(f"Two parts of the personal data are called “{part.name}”.")
    _parts[part.name] = part


def parts() -> list[Part]:
    """By name."""
    return [_parts[name] for name in sorted(_parts)]


def ask(*, user: CustomUser) -> Job:
    """The job that makes the copy: a new one, or the last one where that is still under way or just done."""
    last = latest(user=user)
    is_fresh = last is not None and last.state == Job.State.DONE and last.created > timezone.now() - FRESH
    if last is not None and (is_fresh or not last.is_finished):
        return last
    return jobs.enqueue(COPY, owner=user)


def latest(*, user: CustomUser) -> Job | None:
    return Job.objects.filter(kind=COPY, owner=user).order_by("-pk").first()


def copy(*, job: jobs.RunningJob) -> list[str]:
    """Write the archive; return what is in it. Raises GiveUp where the account is gone."""
    user = job.owner
    if user is None:
        raise jobs.GiveUp("The account has been deleted.")
    name = f"personal-data-{timezone.localdate():%Y-%m-%d}.zip"
    with (
        job_files.written(job=job, name=name, content_type="application/zip") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr("README.txt", render_to_string("users/personal_data.txt", _about(user)))
        for number, part in enumerate(parts()):
            job.progress(number, len(_parts))
            archive.writestr(f"{part.name}.json", _as_json(part.read(user)))
            for path, content in _files(part, user):
                archive.writestr(f"{part.name}/{path}", content)
                job.progress(number, len(_parts), path)
        job.progress(len(_parts), len(_parts))
        return archive.namelist()


def _about(user: CustomUser) -> dict[str, Any]:
    return {"user": user, "parts": parts(), "site_name": settings.SITE_NAME}


def _files(part: Part, user: CustomUser) -> Iterator[tuple[str, bytes]]:
    if part.files is not None:
        yield from part.files(user)


def _as_json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2) + "\n"
