"""Refunds, and the disputes that a buyer's bank starts."""

from __future__ import annotations

from typing import Any

from . import parameters as p
from .clock import Clock
from .errors import StripeError, bad_parameter, missing_object
from .events import Events
from .payments import money
from .store import Body, Store, new_id

CREATE: dict[str, p.Check] = {
    "payment_intent": p.text(),
    "charge": p.text(),
    "amount": p.integer(1),
    "reason": p.choice("duplicate", "fraudulent", "requested_by_customer"),
    "metadata": p.metadata,
}


class Refunds:
    def __init__(self, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def get(self, identifier: str) -> Body:
        refund = self._store.find(identifier, "refund")
        if refund is None:
            raise missing_object("refund", identifier)
        return refund

    def create(self, raw: dict[str, Any]) -> Body:
        given = p.checked(raw, CREATE)
        charge = self._charge(given)
        left = charge["amount_captured"] - charge["amount_refunded"]
        self._check(charge, left, given)
        refund = self._new(charge, given.get("amount", left), given)
        self._store.add(refund)
        self._count(charge, refund["amount"])
        self._events.happened("refund.created", refund)
        self._events.happened(
            "charge.refunded", charge, previous={"amount_refunded": charge["amount_refunded"] - refund["amount"]}
        )
        self._events.happened("refund.updated", refund, previous={"destination_details": None})
        return refund

    def fail(self, identifier: str) -> Body:
        """The buyer's bank sends the money back: the refund did not happen after all."""
        refund = self.get(identifier)
        if refund["status"] != "succeeded":
            raise StripeError(f"The refund is {refund['status']} already.")
        refund |= {"status": "failed", "failure_reason": "unknown"}
        self._store.save(refund)
        charge = self._store.find(refund["charge"], "charge")
        assert charge is not None  # noqa: S101  # refunds are of charges
        self._count(charge, -refund["amount"])
        self._events.happened("refund.updated", refund, previous={"status": "succeeded"})
        self._events.happened("refund.failed", refund)
        return refund

    def _charge(self, given: Body) -> Body:
        if ("charge" in given) == ("payment_intent" in given):
            raise bad_parameter(
                "One and only one of the following params should be provided for this request: "
                "payment_intent or charge.",
                "payment_intent",
                code="parameter_missing" if "charge" not in given else None,
            )
        if "charge" in given:
            charge = self._store.find(given["charge"], "charge")
            if charge is None:
                raise missing_object("charge", given["charge"], param="charge")
            return charge
        intent = self._store.find(given["payment_intent"], "payment_intent")
        if intent is None:
            raise missing_object("payment_intent", given["payment_intent"], param="payment_intent")
        charge = self._store.find(intent["latest_charge"] or "", "charge")
        if charge is None or charge["status"] != "succeeded":
            raise StripeError(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        return charge

    @staticmethod
    def _check(charge: Body, left: int, given: Body) -> None:
        if charge["status"] != "succeeded":
            raise StripeError(f"Charge {charge['id']} has not succeeded; cannot issue a refund.")
        if charge["disputed"]:
            raise StripeError(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
            )
        if left <= 0:
            raise StripeError(
                f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
            )  # fmt: skip
        if given.get("amount", 0) > left:
            asked, rest = money(given["amount"], charge["currency"]), money(left, charge["currency"])
            raise StripeError(
                f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})", param="amount"
            )

    def _count(self, charge: Body, amount: int) -> None:
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self._store.save(charge)

    def _new(self, charge: Body, amount: int, given: Body) -> Body:
        kind = charge["payment_method_details"]["type"]
        details = {"type": "refund", "reference_status": "pending", "reference_type": "acquirer_reference_number"}
        return {
            "id": new_id("re"),
            "object": "refund",
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "created": self._clock.seconds(),
            "currency": charge["currency"],
            "customer": None,
            "customer_account": None,
            "destination_details": {kind: details if kind == "card" else {}, "type": kind},
            "metadata": given.get("metadata", {}),
            "payment_intent": charge["payment_intent"],
            "payment_method": charge["payment_method"],
            "reason": given.get("reason"),
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "succeeded",
            "transfer_reversal": None,
        }


class Disputes:
    def __init__(self, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def get(self, identifier: str) -> Body:
        dispute = self._store.find(identifier, "dispute")
        if dispute is None:
            raise missing_object("dispute", identifier)
        return dispute

    def open(self, charge_id: str) -> Body:
        charge = self._store.find(charge_id, "charge")
        if charge is None:
            raise missing_object("charge", charge_id)
        if charge["status"] != "succeeded" or charge["disputed"]:
            raise StripeError(f"Charge {charge_id} cannot be disputed.")
        dispute = self._new(charge)
        self._store.add(dispute)
        charge["disputed"] = True
        self._store.save(charge)
        self._events.happened("charge.dispute.created", dispute)
        self._events.happened("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def close(self, identifier: str, *, is_won: bool) -> Body:
        dispute = self.get(identifier)
        if dispute["status"] in ("won", "lost"):
            raise StripeError("This dispute is already closed.")
        dispute["status"] = "won" if is_won else "lost"
        self._store.save(dispute)
        if is_won:
            self._events.happened("charge.dispute.funds_reinstated", dispute)
        self._events.happened("charge.dispute.closed", dispute, previous={"status": "needs_response"})
        return dispute

    def _new(self, charge: Body) -> Body:
        evidence = dict.fromkeys(
            (
                "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
                "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
                "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation",
                "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt",
                "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date",
                "service_documentation", "shipping_address", "shipping_carrier", "shipping_date",
                "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
            )
        )  # fmt: skip
        now = self._clock.seconds()
        card = {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4"}
        kind = charge["payment_method_details"]["type"]
        return {
            "id": new_id("du"),
            "object": "dispute",
            "amount": charge["amount"],
            "balance_transactions": [],
            "charge": charge["id"],
            "created": now,
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": {**evidence, "enhanced_evidence": {}},
            "evidence_details": {
                "due_by": now + 7 * 24 * 3600,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "payment_method_details": {"card": card, "type": "card"} if kind == "card" else {"type": kind},
            "reason": "fraudulent",
            "status": "needs_response",
        }
