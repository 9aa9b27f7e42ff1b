"""Payment intents and charges, as far as sessions make them."""

from __future__ import annotations

from typing import Any

from .cards import Outcome, PaymentMethod
from .clock import Clock
from .events import Events
from .store import Body, Store, new_id

NO_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}
ZERO_DECIMAL = {
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf",
}  # fmt: skip


def money(amount: int, currency: str) -> str:
    """An amount of minor units as people read it."""
    if currency in ZERO_DECIMAL:
        return f"{amount:,} {currency.upper()}"
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d} {currency.upper()}"


class Payments:
    def __init__(self, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    # --- Intents -----------------------------------------------------------------------------------------------------

    def start(self, session: Body, data: Body) -> Body:
        """A session's payment intent, made at its first attempt to pay, as Stripe does."""
        identifier = new_id("pi")
        intent: Body = {
            "id": identifier,
            "object": "payment_intent",
            "amount": session["amount_total"],
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": None,
            "application_fee_amount": None,
            "automatic_payment_methods": None,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": "automatic",
            "client_secret": new_id(f"{identifier}_secret"),
            "confirmation_method": "automatic",
            "created": self._clock.seconds(),
            "currency": session["currency"],
            "customer": None,
            "customer_account": None,
            "description": data.get("description"),
            "excluded_payment_method_types": None,
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "managed_payments": None,
            "metadata": data.get("metadata", {}),
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": None,
            "payment_method_configuration_details": None,
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
            "payment_method_types": session["payment_method_types"],
            "processing": None,
            "receipt_email": data.get("receipt_email"),
            "review": None,
            "setup_future_usage": None,
            "shipping": None,
            "source": None,
            "statement_descriptor": data.get("statement_descriptor"),
            "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
            "status": "requires_payment_method",
            "transfer_data": None,
            "transfer_group": data.get("transfer_group"),
        }
        self._store.add(intent, session=session["id"])
        self._events.happened("payment_intent.created", intent)
        return intent

    def require_authentication(self, intent: Body, method: PaymentMethod) -> None:
        intent |= {
            "status": "requires_action",
            "payment_method": new_id("pm"),
            "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}},
        }
        self._store.save(intent)
        self._store.hide(intent["id"], number=method.number)
        self._events.happened("payment_intent.requires_action", intent)

    def succeed(self, intent: Body, method: PaymentMethod, *, email: str, name: str) -> None:
        charge = self._new_charge(intent, method, email=email, name=name)
        self._charge_succeeded(intent, charge)

    def process(self, intent: Body, method: PaymentMethod, *, email: str, name: str) -> None:
        """A slow method: the money is on its way."""
        charge = self._new_charge(intent, method, email=email, name=name)
        charge |= {"status": "pending", "paid": False}
        self._store.add(charge)
        intent |= {
            "status": "processing",
            "latest_charge": charge["id"],
            "payment_method": charge["payment_method"],
            "last_payment_error": None,
            "next_action": None,
        }
        self._store.save(intent)
        self._events.happened("charge.pending", charge)
        self._events.happened("payment_intent.processing", intent)

    def settle(self, intent: Body, method: PaymentMethod, *, succeeds: bool) -> None:
        """What becomes of a slow method's money."""
        charge = self._store.find(intent["latest_charge"], "charge")
        assert charge is not None  # noqa: S101  # made when it began
        if succeeds:
            self._charge_succeeded(intent, charge)
        else:
            self._failed(intent, charge, method, "The customer's bank refused the debit.")

    def decline(self, intent: Body, method: PaymentMethod, *, email: str, name: str) -> str:
        """Fail the attempt; return what the buyer is told."""
        charge = self._new_charge(intent, method, email=email, name=name)
        self._store.add(charge)
        return self._failed(intent, charge, method, method.message)

    def refuse_authentication(self, intent: Body) -> str:
        message = (
            "We are unable to authenticate your payment method. Please choose a different payment method and try again."
        )
        error = {
            "code": "payment_intent_authentication_failure",
            "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
            "message": message,
            "type": "invalid_request_error",
        }
        self._intent_failed(intent, error)
        return message

    def cancel(self, intent: Body) -> None:
        intent |= {
            "status": "canceled",
            "canceled_at": self._clock.seconds(),
            "cancellation_reason": "automatic",
            "next_action": None,
        }
        self._store.save(intent)
        self._events.happened("payment_intent.canceled", intent)

    def _failed(self, intent: Body, charge: Body, method: PaymentMethod, message: str) -> str:
        code, decline_code = method.code or "charge_failed", method.decline_code or None
        charge |= {"status": "failed", "paid": False, "captured": False, "amount_captured": 0}
        charge |= {
            "failure_code": code,
            "failure_message": message,
            "outcome": _outcome("issuer_declined", decline_code),
        }
        self._store.save(charge)
        self._events.happened("charge.failed", charge)
        intent["latest_charge"] = charge["id"]
        error = {
            "charge": charge["id"],
            "code": code,
            "decline_code": decline_code,
            "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}",
            "message": message,
            "type": "card_error",
        }
        self._intent_failed(intent, error)
        return message

    def _intent_failed(self, intent: Body, error: Body) -> None:
        intent |= {
            "status": "requires_payment_method",
            "payment_method": None,
            "last_payment_error": error,
            "next_action": None,
        }
        self._store.save(intent)
        self._events.happened("payment_intent.payment_failed", intent)

    # --- Charges -----------------------------------------------------------------------------------------------------

    def _charge_succeeded(self, intent: Body, charge: Body) -> None:
        amount = charge["amount"]
        charge |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": amount}
        charge["outcome"] = _outcome("authorized", None)
        if self._store.find(charge["id"]) is None:
            self._store.add(charge)
        self._store.save(charge)
        intent |= {
            "status": "succeeded",
            "amount_received": amount,
            "latest_charge": charge["id"],
            "payment_method": charge["payment_method"],
            "last_payment_error": None,
            "next_action": None,
        }
        self._store.save(intent)
        self._events.happened("charge.succeeded", charge)
        self._events.happened("payment_intent.succeeded", intent)

    def _new_charge(self, intent: Body, method: PaymentMethod, *, email: str, name: str) -> Body:
        identifier = new_id("ch")
        return {
            "id": identifier,
            "object": "charge",
            "amount": intent["amount"],
            "amount_captured": 0,
            "amount_refunded": 0,
            "application": None,
            "application_fee": None,
            "application_fee_amount": None,
            "balance_transaction": None,
            "billing_details": {
                "address": NO_ADDRESS, "email": email, "name": name or None, "phone": None, "tax_id": None
            },
            "calculated_statement_descriptor": "SIMULATED",
            "captured": False,
            "created": self._clock.seconds(),
            "currency": intent["currency"],
            "customer": None,
            "description": intent["description"],
            "disputed": False,
            "failure_balance_transaction": None,
            "failure_code": None,
            "failure_message": None,
            "fraud_details": {},
            "livemode": False,
            "metadata": intent["metadata"],
            "on_behalf_of": None,
            "outcome": None,
            "paid": False,
            "payment_intent": intent["id"],
            "payment_method": new_id("pm"),
            "payment_method_details": _details(method, intent["amount"]),
            "receipt_email": intent["receipt_email"],
            "receipt_number": None,
            "receipt_url": None,
            "refunded": False,
            "refunds": empty_list(f"/v1/charges/{identifier}/refunds"),
            "review": None,
            "shipping": None,
            "source": None,
            "source_transfer": None,
            "statement_descriptor": intent["statement_descriptor"],
            "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
            "status": "failed",
            "transfer_data": None,
            "transfer_group": intent["transfer_group"],
        }  # fmt: skip


def empty_list(url: str) -> Body:
    return {"object": "list", "data": [], "has_more": False, "url": url}


def _outcome(type: str, reason: str | None) -> Body:  # noqa: A002  # Stripe's name
    is_authorized = type == "authorized"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network" if is_authorized else "declined_by_network",
        "reason": reason,
        "seller_message": "Payment complete." if is_authorized else "The bank did not return any further details.",
        "type": type,
    }


def _details(method: PaymentMethod, amount: int) -> dict[str, Any]:
    if method.type == "sepa_debit":
        debit = {
            "bank_code": method.number[4:9], "branch_code": None, "country": method.number[:2],
            "fingerprint": "simulated", "last4": method.last4, "mandate": None,
        }  # fmt: skip
        return {"sepa_debit": debit, "type": "sepa_debit"}
    is_3ds = method.outcome is Outcome.AUTHENTICATION
    secure = dict.fromkeys(
        ("electronic_commerce_indicator", "exemption_indicator", "result_reason", "transaction_id", "version")
    )
    card = {
        "amount_authorized": amount,
        "authorization_code": None,
        "brand": method.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": "simulated",
        "funding": "credit",
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": method.last4,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": method.brand,
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": {**secure, "authentication_flow": "challenge", "result": "authenticated"} if is_3ds else None,
        "transaction_link_id": None,
        "wallet": None,
    }
    return {"card": card, "type": "card"}
