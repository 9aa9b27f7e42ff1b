"""Doing a job: claim it, call its handler outside any transaction, and record how it ended."""

from __future__ import annotations

import random
import time
import traceback
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation

from tasks.models import Job
from tasks.services import claiming, doorbell, registry, rows, telling
from tasks.services.errors import BadArguments, Cancelled, GivenBack, GiveUp, JobError, LeaseLost, UnknownKind
from tasks.services.leases import LeaseKeeper
from tasks.services.registry import Kind

if TYPE_CHECKING:
    from users.models import CustomUser

log = structlog.get_logger(__name__)

PROGRESS_SECONDS = 1.0  # at most one write of progress in this time
LONGEST_BACKOFF = timedelta(hours=6)
UNKNOWN_KIND_DELAY = timedelta(minutes=1)
MESSAGE_LENGTH = 200


class RunningJob:
    """What a handler sees of its job."""

    def __init__(self, row: Job, keeper: LeaseKeeper) -> None:
        self.row = row
        self.id = row.pk
        self.kind = row.kind
        self.attempt = row.attempts
        self.request_id = row.request_id
        self._keeper = keeper
        self._written_at = float("-inf")
        self.unwritten: dict[str, Any] = {}
        self.is_watched = row.owner_id is not None
        self.kept_arguments = row.arguments

    @property
    def owner(self) -> CustomUser | None:
        """Who asked for it. Read when it is needed, which is seldom."""
        return self.row.owner

    def progress(self, current: int, total: int = 0, message: str = "") -> None:
        """Report how far the work has come, and stop it where it is no longer wanted here.

        Raises LeaseLost, Cancelled and GivenBack, which the handler lets pass.

        Cheap enough for every step of a loop: it touches the database at most once a second.
        """
        self.is_watched = True
        self.unwritten.update(progress_current=current, progress_total=total, progress_message=message[:MESSAGE_LENGTH])
        if self._keeper.lost:
            raise self._lease_lost()
        if time.monotonic() - self._written_at >= PROGRESS_SECONDS:
            self._checkpoint()

    def keep_of_arguments(self, **arguments: Any) -> None:
        """Forget the other arguments when the job ends: call it last, where they are private and no longer needed."""
        self.kept_arguments = arguments

    def _checkpoint(self) -> None:
        if not claiming.write(job_id=self.id, lease=self.row.lease, values=self.unwritten):
            raise self._lease_lost()
        self.unwritten = {}
        self._written_at = time.monotonic()
        telling.tell(job_id=self.id)
        asked = Job.objects.filter(pk=self.id).values_list("cancel_requested", "give_back_requested").first()
        cancelled, wanted_back = asked or (False, False)
        if cancelled:
            raise Cancelled(f"Job {self.id} was cancelled.")
        if wanted_back:
            raise GivenBack(f"Job {self.id} is given back, for its worker is about to end.")

    def _lease_lost(self) -> LeaseLost:
        return LeaseLost(f"Job {self.id} has been taken over by another worker.")


def run(*, job_id: int, worker: str = "") -> bool:
    """Do the job if it can be claimed, and say whether it was. Errors of its handler are recorded, not raised."""
    row = rows.read(job_id=job_id)
    kind = _kind_if_known(row) if row else None
    if row is None or kind is None or _ended_by_its_past(row, kind) or not claiming.claim(row=row, worker=worker):
        return False
    with structlog.contextvars.bound_contextvars(job_id=row.pk, kind=row.kind, request_id=row.request_id):
        _run_claimed(row, kind)
    return True


def _kind_if_known(row: Job) -> Kind | None:
    try:
        return registry.get(row.kind)
    except UnknownKind as error:
        # This worker is older than who asked: leave the job to a newer one.
        now = timezone.now()
        Job.objects.filter(claiming.claimable(now), pk=row.pk).update(
            state=Job.State.QUEUED, lease="", lease_until=None, run_after=now + UNKNOWN_KIND_DELAY
        )
        log.error("job_kind_unknown", job_id=row.pk, kind=row.kind, error=str(error))
        return None


def _ended_by_its_past(row: Job, kind: Kind) -> bool:
    """End a job whose worker vanished if it was cancelled meanwhile, or if it has taken too many workers with it."""
    if row.state != Job.State.RUNNING or row.lease_until is None or row.lease_until > timezone.now():
        return False
    if row.cancel_requested:
        return _end_and_tell(row, Job.State.CANCELLED)
    if row.attempts < kind.max_attempts:
        return False
    log.error("job_kills_workers", job_id=row.pk, kind=row.kind, attempts=row.attempts)
    return _end_and_tell(
        row,
        Job.State.FAILED,
        error=(
            f"Its worker stopped without a word (killed, or out of memory) in each of the last attempts; "
            f"there were {row.attempts}, and {kind.max_attempts} are allowed."
        ),
    )


def _run_claimed(row: Job, kind: Kind) -> None:
    started = time.monotonic()
    log.info("job_started", attempt=row.attempts)
    keeper = LeaseKeeper(job_id=row.pk, lease=row.lease)
    job = RunningJob(row, keeper)
    if job.is_watched:
        telling.tell(job_id=job.id)
    with keeper, _speaking_as_asked(row):
        ended = _call_handler(job, kind)
    seconds = round(time.monotonic() - started, 3)
    log.info("job_ended", outcome=ended, seconds=seconds)


def _speaking_as_asked(row: Job) -> AbstractContextManager[None]:
    """What the job writes, it writes in the language of who asked for it."""
    return translation.override(row.language or settings.LANGUAGE_CODE)


def _call_handler(job: RunningJob, kind: Kind) -> str:
    try:
        kind.check_arguments(job.row.arguments)
        result = _checked_result(kind.function(job, **job.row.arguments))
    except LeaseLost as error:
        log.warning("job_lease_lost", error=str(error))
        return "lease lost"
    except Cancelled:
        return _record(job, Job.State.CANCELLED)
    except GivenBack:
        return _give_back(job)
    except (BadArguments, GiveUp) as error:
        log.exception("job_failed")
        return _record(job, Job.State.FAILED, error=_described(error))
    except Exception as error:
        log.exception("job_failed", attempt=job.attempt, attempts_allowed=kind.max_attempts)
        return _fail_or_repeat(job, kind, error)
    return _record(job, Job.State.DONE, result=result, arguments=job.kept_arguments, error="")


def _checked_result(result: Any) -> Any:
    try:
        DjangoJSONEncoder(allow_nan=False).encode(result)
    except (TypeError, ValueError) as error:
        raise GiveUp(f"The handler did its work, but what it returned is not JSON: {error}.") from error
    return result


def _fail_or_repeat(job: RunningJob, kind: Kind, error: Exception) -> str:
    if job.attempt >= kind.max_attempts:
        return _record(job, Job.State.FAILED, error=_described(error))
    return _record(
        job,
        Job.State.QUEUED,
        error=_described(error),
        run_after=timezone.now() + backoff(attempt=job.attempt, base_seconds=kind.backoff_seconds),
        sent_at=None,
    )


def _give_back(job: RunningJob) -> str:
    """Queue it again at once; what the end of a worker interrupts was no attempt."""
    values = {"attempts": job.attempt - 1, "run_after": timezone.now(), "sent_at": None}
    if _record(job, Job.State.QUEUED, **values) == Job.State.QUEUED:
        doorbell.ring(job_id=job.id, queue=job.row.queue)
    return "given back"


def backoff(*, attempt: int, base_seconds: float) -> timedelta:
    """How long to wait after that attempt: anything up to the doubled limit, so that failures do not march in step."""
    longest = min(LONGEST_BACKOFF.total_seconds(), base_seconds * 2 ** (attempt - 1))
    return timedelta(seconds=random.uniform(0, longest))  # noqa: S311  # not a secret


def _described(error: Exception) -> str:
    if isinstance(error, JobError):
        return str(error)
    return "".join(traceback.format_exception(error))


def _record(job: RunningJob, state: Job.State, **values: Any) -> str:
    # What nobody owns and what reports nothing has nobody waiting: thousands of mails are not told one by one.
    end = _end_and_tell if job.is_watched else _end
    if end(job.row, state, **job.unwritten, **values):
        return str(state)
    log.warning("job_lease_lost", error="The job ended here after another worker had taken it over.")
    return "lease lost"


def _end_and_tell(row: Job, state: Job.State, **values: Any) -> bool:
    ended = _end(row, state, **values)
    if ended:
        telling.tell(job_id=row.pk)
    return ended


def _end(row: Job, state: Job.State, **values: Any) -> bool:
    finished = None if state == Job.State.QUEUED else timezone.now()
    return claiming.release(job_id=row.pk, lease=row.lease, values={**values, "state": state, "finished": finished})


def run_due(*, limit: int) -> int:
    """Do up to so many due jobs here and now, each once, also those that they ask for; say how many."""
    done: set[int] = set()
    while len(done) < limit:
        due = Job.objects.filter(claiming.claimable(timezone.now())).exclude(pk__in=done)
        job_id = due.order_by("run_after", "pk").values_list("pk", flat=True).first()
        if job_id is None:
            break
        done.add(job_id)
        run(job_id=job_id)
    return len(done)
