"""What can go wrong with a job, as errors that callers can tell apart."""

from __future__ import annotations


class JobError(Exception):
    """The parent of every error of the durable jobs."""


class UnknownKind(JobError):  # noqa: N818  # named like the things it speaks of
    """No handler is registered under this kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"No handler is registered for jobs of kind “{kind}”: is it in an app's jobs.py?")
        self.kind = kind


class BadArguments(JobError):  # noqa: N818
    """The arguments are not JSON, or not what the handler takes."""


class WrongState(JobError):  # noqa: N818
    """The job is not in a state that allows this."""


class GiveUp(JobError):  # noqa: N818
    """Raised by a handler: trying again cannot help, the job has failed for good. The message is for staff."""


class LeaseLost(JobError):  # noqa: N818
    """Raised at a checkpoint: another worker has taken the job over, stop here."""


class GivenBack(JobError):  # noqa: N818
    """Raised at a checkpoint: this worker is about to end, and another goes on with the job from its beginning."""


class Cancelled(JobError):  # noqa: N818
    """Raised at a checkpoint: somebody cancelled the job, stop here."""
