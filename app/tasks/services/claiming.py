"""Who may work on a job: one conditional UPDATE decides, and a lease with an end makes the decision expire.

Every write of a worker to its job repeats the condition "if the lease is still mine", so a worker that was frozen,
cut off or slow cannot touch a job that another has taken over meanwhile.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from tasks.models import Job
from tasks.services import rows

# What `claimable` says, for one row that is as it was read.
_CLAIMABLE = """
    id = %s AND attempts = %s
    AND (state = 'queued' AND run_after <= %s OR state = 'running' AND lease_until <= %s)
"""


def claimable(now: datetime) -> Q:
    """Queued and due, or given to a worker that has not been heard of since its lease ended."""
    return Q(state=Job.State.QUEUED, run_after__lte=now) | Q(state=Job.State.RUNNING, lease_until__lte=now)


def claim(*, row: Job, worker: str = "") -> bool:
    """Take the job as it was just read, and say whether that was possible; then the row is up to date.

    It is not where another took it, where it is done, not yet due or gone. ``worker`` names the process, so that it
    can hand over what it holds when it ends. One UPDATE.
    """
    now = timezone.now()
    taken = {
        "state": Job.State.RUNNING,
        "lease": uuid.uuid4().hex,
        "lease_until": _lease_end(now),
        "worker": worker,
        "give_back_requested": False,
        "attempts": row.attempts + 1,
        "started": now,
        "finished": None,
    }
    # The number of attempts too: with it the row is still what was read, so nothing of it need be read again.
    until = rows.moment(now)
    if not rows.update(values=taken, where=_CLAIMABLE, parameters=[row.pk, row.attempts, until, until]):
        return False
    for name, value in taken.items():
        setattr(row, name, value)
    return True


def renew(*, job_id: int, lease: str) -> bool:
    """Prolong the lease, and say whether it was still held. One that has lapsed but that nobody took is still held."""
    return write(job_id=job_id, lease=lease, values={"lease_until": _lease_end(timezone.now())})


def write(*, job_id: int, lease: str, values: dict[str, Any]) -> bool:
    """Write to the job if the lease is still held, and say whether it was."""
    return rows.update(values=values, where="id = %s AND state = 'running' AND lease = %s", parameters=[job_id, lease])


def release(*, job_id: int, lease: str, values: dict[str, Any]) -> bool:
    """Write to the job and give the lease up, if it is still held; say whether it was."""
    given_up = {"lease": "", "lease_until": None, "cancel_requested": False, "give_back_requested": False}
    return write(job_id=job_id, lease=lease, values={**values, **given_up})


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
