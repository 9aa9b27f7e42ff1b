"""The payment methods of the payment page: test numbers that Stripe publishes, and what each does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    SUCCEEDS = "succeeds"
    DECLINED = "declined"
    AUTHENTICATION = "authentication"
    DELAYED_SUCCEEDS = "delayed_succeeds"
    DELAYED_FAILS = "delayed_fails"


@dataclass(frozen=True)
class PaymentMethod:
    number: str
    label: str
    outcome: Outcome
    brand: str = "visa"
    code: str = ""
    decline_code: str = ""
    message: str = ""

    @property
    def type(self) -> str:
        return "card" if self.number.isdigit() else "sepa_debit"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        return " ".join(self.number[at : at + 4] for at in range(0, len(self.number), 4))


def _declined(
    number: str, label: str, decline_code: str, message: str, *, code: str = "card_declined"
) -> PaymentMethod:
    return PaymentMethod(
        number, label, Outcome.DECLINED, code=code, decline_code=decline_code, message=message
    )  # fmt: skip


OFFERED = (
    PaymentMethod("4242424242424242", "Succeeds", Outcome.SUCCEEDS),
    _declined("4000000000000002", "Is declined", "generic_decline", "Your card was declined."),
    _declined("4000000000009995", "Has insufficient funds", "insufficient_funds", "Your card has insufficient funds."),
    PaymentMethod("4000002500003155", "Asks for authentication", Outcome.AUTHENTICATION),
    PaymentMethod("AT611904300234573201", "Bank debit: succeeds later", Outcome.DELAYED_SUCCEEDS, brand="sepa"),
    PaymentMethod("AT861904300235473202", "Bank debit: fails later", Outcome.DELAYED_FAILS, brand="sepa"),
)
ALSO_KNOWN = (
    PaymentMethod("5555555555554444", "Succeeds", Outcome.SUCCEEDS, brand="mastercard"),
    PaymentMethod("378282246310005", "Succeeds", Outcome.SUCCEEDS, brand="amex"),
    PaymentMethod("4000000000003220", "Asks for authentication", Outcome.AUTHENTICATION),
    _declined("4000000000009987", "Is reported lost", "lost_card", "Your card was declined."),
    _declined("4000000000009979", "Is reported stolen", "stolen_card", "Your card was declined."),
    _declined("4000000000000069", "Has expired", "", "Your card has expired.", code="expired_card"),
    _declined(
        "4000000000000127", "Has a wrong CVC", "", "Your card's security code is incorrect.",
        code="incorrect_cvc",
    ),
    _declined(
        "4000000000000119", "Fails in processing", "",
        "An error occurred while processing your card. Try again in a little bit.", code="processing_error",
    ),
)  # fmt: skip
BY_NUMBER = {method.number: method for method in (*OFFERED, *ALSO_KNOWN)}


def find(number: str) -> PaymentMethod | None:
    """The method with this number, however it is spaced, or None: real numbers are no test numbers."""
    return BY_NUMBER.get(re.sub(r"[\s-]", "", number).upper())
