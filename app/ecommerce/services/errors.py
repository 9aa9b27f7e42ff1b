"""What can go wrong in the shop for reasons that a buyer or a member of staff can do something about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecommerce.models import Order


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


class PaymentBusyError(PaymentUnavailableError):
    """Stripe is at work on the same request, sent a moment ago, and answers that one."""


class PaymentRefusedError(PaymentUnavailableError):
    """Stripe understood and said no; asking again would not help."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class EventRefusedError(ShopError):
    """Something was delivered that Stripe did not sign for this shop."""


class CouponError(ShopError):
    """The coupon does not apply, and why."""


class CartError(ShopError):
    """The cart cannot take that."""


class CheckoutError(ShopError):
    """The order cannot be placed as it was asked for. Nothing was ordered."""


class CartChangedError(CheckoutError):
    """What would be charged is not what the buyer saw. It is shown again."""


class OrderWaitingError(CheckoutError):
    """This checkout already made an order that waits for payment, with other details than those sent now."""

    def __init__(self, message: str, *, order: Order) -> None:
        super().__init__(message)
        self.order = order
