"""The one door to Stripe. Every request has a time-out, and every one that changes something an idempotency key.

Nothing here may be called inside a transaction: a lock would be held for as long as the network likes.
The library is loaded by the first call: it takes 7 MB, and most processes never ask Stripe anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from ecommerce.services.errors import PaymentBusyError, PaymentRefusedError, PaymentUnavailableError

if TYPE_CHECKING:
    from stripe import Dispute, Refund, StripeClient
    from stripe.checkout import Session

Answer = TypeVar("Answer")

# What our code was written and tested against. A newer library asks for newer objects; this keeps them as they are.
API_VERSION = "2026-10-28.endive"
CONNECT_SECONDS, PAGE_SECONDS, JOB_SECONDS = 3, 8, 30
RETRIES = 1


def is_configured() -> bool:
    return bool(settings.STRIPE_API_KEY)


def is_live() -> bool:
    """Whether the key moves real money."""
    return str(settings.STRIPE_API_KEY).startswith(("sk_live_", "rk_live_"))


def metadata(found: Any, name: str) -> str:
    """What we wrote on one of Stripe's objects under that name; empty where nothing is."""
    notes = found.metadata
    return str(notes[name]) if notes and name in notes else ""


def create_session(*, parameters: dict[str, Any], key: str) -> Session:
    """Raises PaymentUnavailableError, PaymentBusyError and PaymentRefusedError, as all of these."""
    # A page waits for it.
    client = _client(seconds=PAGE_SECONDS)
    return _ask(lambda: client.v1.checkout.sessions.create(parameters, {"idempotency_key": key}))  # type: ignore[arg-type]  # built in parts


def retrieve_session(session_id: str) -> Session:
    """As it is now, with its payment and the charge."""
    expand = {"expand": ["payment_intent.latest_charge"]}
    return _ask(lambda: _client().v1.checkout.sessions.retrieve(session_id, expand))  # type: ignore[arg-type]


def expire_session(session_id: str) -> Session:
    """Refused where it is no longer open."""
    return _ask(lambda: _client().v1.checkout.sessions.expire(session_id))


def sessions_since(created: int) -> Iterator[Session]:
    """The sessions made since that moment (seconds since 1970), newest first. One request for a hundred."""
    page = _ask(lambda: _client().v1.checkout.sessions.list({"created": {"gte": created}, "limit": 100}))
    return _all(page)


def create_refund(*, parameters: dict[str, Any], key: str) -> Refund:
    return _ask(lambda: _client().v1.refunds.create(parameters, {"idempotency_key": key}))  # type: ignore[arg-type]


def refunds_of(payment_intent: str) -> Iterator[Refund]:
    page = _ask(lambda: _client().v1.refunds.list({"payment_intent": payment_intent, "limit": 100}))
    return _all(page)


def retrieve_dispute(dispute_id: str) -> Dispute:
    return _ask(lambda: _client().v1.disputes.retrieve(dispute_id))


def disputes_since(created: int) -> Iterator[Dispute]:
    page = _ask(lambda: _client().v1.disputes.list({"created": {"gte": created}, "limit": 100}))
    return _all(page)


def _client(*, seconds: int = JOB_SECONDS) -> StripeClient:
    if not is_configured():
        raise PaymentUnavailableError(_("This shop cannot take payments yet."))
    from stripe import RequestsClient, StripeClient

    addresses: Any = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {}
    return StripeClient(
        settings.STRIPE_API_KEY,
        stripe_version=API_VERSION,
        base_addresses=addresses,
        max_network_retries=RETRIES,
        http_client=RequestsClient(timeout=(CONNECT_SECONDS, seconds)),
    )


def _all(page: Any) -> Iterator[Any]:
    iterator = page.auto_paging_iter()
    while True:
        try:
            yield _ask(lambda: next(iterator))
        except StopIteration:
            return


def _ask(request: Callable[[], Answer]) -> Answer:
    import stripe

    try:
        return request()
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        message = _("The payment service does not answer at the moment.")
        if error.http_status == HTTPStatus.CONFLICT:  # the idempotency key is in use
            raise PaymentBusyError(message) from error
        raise PaymentUnavailableError(message) from error
    except stripe.StripeError as error:
        # What Stripe says of the request, for staff; no card data and no key are in it.
        raise PaymentRefusedError(error.user_message or str(error), code=error.code or "") from error
