"""What can go wrong in the shop for reasons that a buyer or a member of staff can do something about."""

from __future__ import annotations


class ShopError(Exception):
    """Its text is a sentence for whoever asked: what is wrong, and what to do next."""


class OutOfStockError(ShopError):
    """Fewer pieces are left than were asked for. Nothing was reserved."""

    def __init__(self, message: str, *, variant_id: int | None = None) -> None:
        super().__init__(message)
        self.variant_id = variant_id


class WrongOrderStateError(ShopError):
    """The order's state does not allow it, any more or yet."""


class PaymentUnavailableError(ShopError):
    """Stripe did not answer, or refused. What was to be paid is still to be paid."""
