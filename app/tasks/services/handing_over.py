"""What a worker that ends leaves to the others, and what one that starts finds of its former life."""

from __future__ import annotations

from django.utils import timezone

from tasks.models import Job
from tasks.services import doorbell


def ask_back(*, worker: str) -> int:
    """Have the worker's running jobs stop at their next checkpoint and be queued again; how many were asked now."""
    running = Job.objects.filter(worker=worker, state=Job.State.RUNNING, give_back_requested=False)
    return running.update(give_back_requested=True)


def free(*, worker: str) -> int:
    """End the leases of a worker that is known to be gone, so that nobody waits for them to lapse; how many.

    A process that was killed and started again has the same name, and none of its jobs is worked on any more.
    """
    held = Job.objects.filter(worker=worker, state=Job.State.RUNNING)
    waiting = list(held.values_list("pk", "queue"))
    held.filter(pk__in=[pk for pk, _queue in waiting]).update(lease_until=timezone.now())
    for job_id, queue in waiting:
        doorbell.ring(job_id=job_id, queue=queue)
    return len(waiting)
