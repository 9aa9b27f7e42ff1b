"""Which function does which kind of job."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tasks import queues
from tasks.models import Job
from tasks.services.errors import BadArguments, UnknownKind

Handler = TypeVar("Handler", bound=Callable[..., Any])

DEFAULT_MAX_ATTEMPTS = 5
DEFAULT_BACKOFF_SECONDS = 10.0


@dataclass(frozen=True)
class Kind:
    """A kind of job: its function, and how it is queued and repeated."""

    name: str
    function: Callable[..., Any]
    queue: str
    max_attempts: int
    backoff_seconds: float
    private: bool
    title: str | Promise
    subject_url: Callable[[Job], str] | None
    makes_file: bool
    _signature: inspect.Signature = field(repr=False)

    def check_arguments(self, arguments: dict[str, Any]) -> None:
        """Raise BadArguments where the function would not take them."""
        try:
            self._signature.bind(None, **arguments)
        except TypeError as error:
            raise BadArguments(f"The handler of “{self.name}” does not take these arguments: {error}.") from error


_kinds: dict[str, Kind] = {}


def handler(
    name: str,
    *,
    queue: str = queues.DEFAULT,
    max_attempts: int = DEFAULT_MAX_ATTEMPTS,
    backoff_seconds: float = DEFAULT_BACKOFF_SECONDS,
    private: bool = False,
    title: str | Promise = "",
    subject_url: Callable[[Job], str] | None = None,
    makes_file: bool = False,
) -> Callable[[Handler], Handler]:
    """Register the decorated function, ``f(job, **arguments)``, as what does jobs of this kind.

    It must be safe to run twice: a worker can die after the work and before the record of it. What it returns (JSON
    or None) is kept as the job's result. An error repeats it, after a random wait of up to ``backoff_seconds``
    doubled with each attempt, ``max_attempts`` times in all; GiveUp does not repeat it. The arguments of a ``private``
    kind are shown to nobody but superusers. Where somebody owns such jobs, ``title`` is what their page calls them, and
    ``subject_url`` gives the address of what they are about. One that ``makes_file`` offers it there (job_files).
    """
    if queue not in queues.NAMES:
        raise ValueError(f"“{queue}” is not a queue: choose one of {', '.join(queues.NAMES)}.")

    def register(function: Handler) -> Handler:
        _refuse_another(name, function)
        signature = inspect.signature(function)
        _kinds[name] = Kind(
            name, function, queue, max_attempts, backoff_seconds, private, title, subject_url, makes_file, signature
        )
        return function

    return register


def _refuse_another(name: str, function: Callable[..., Any]) -> None:
    known = _kinds.get(name)
    if known and _address(known.function) != _address(function):
        raise ValueError(f"Two handlers are registered for jobs of kind “{name}”.")


def _address(function: Callable[..., Any]) -> tuple[str, str]:
    return function.__module__, function.__qualname__


def get(name: str) -> Kind:
    """Raise UnknownKind where no app has registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def is_private(name: str) -> bool:
    """Also what is unknown here is private: who knows what it holds."""
    return name not in _kinds or _kinds[name].private


def title_of(name: str) -> str:
    """What people call such a job."""
    kind = _kinds.get(name)
    return str(kind.title) if kind and kind.title else _("Background job")


def subject_url_of(job: Job) -> str:
    """The address of what the job is about, or nothing."""
    kind = _kinds.get(job.kind)
    return kind.subject_url(job) if kind and kind.subject_url else ""


def makes_file(name: str) -> bool:
    return name in _kinds and _kinds[name].makes_file


def every() -> list[Kind]:
    """All that is registered, by name."""
    return sorted(_kinds.values(), key=lambda kind: kind.name)
