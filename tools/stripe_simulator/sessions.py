"""Checkout Sessions in payment mode: made by the API, paid on the payment page, expired by the clock."""

from __future__ import annotations

from typing import Any

from . import parameters as p
from .cards import BY_NUMBER, Outcome, PaymentMethod
from .clock import Clock
from .configuration import Configuration
from .errors import StripeError, bad_parameter, missing_object
from .events import Events
from .payments import NO_ADDRESS, Payments, money
from .store import Body, Store, new_id

KIND = "checkout.session"
SHORTEST_SECONDS = 30 * 60
LONGEST_SECONDS = 24 * 60 * 60
# A request takes a moment: what was half an hour away when it was sent still is.
GRACE_SECONDS = 60
SMALLEST_TOTALS = {
    "gbp": 30,
    "jpy": 50,
    "chf": 50,
    "dkk": 250,
    "nok": 300,
    "sek": 300,
    "pln": 200,
    "czk": 1500,
    "huf": 17500,
}
SMALLEST_TOTAL = 50
NOT_HERE = p.refused("see its README for what it does.")

_PRICE_DATA = p.object_of(
    {
        "currency": p.currency,
        "unit_amount": p.integer(),
        "tax_behavior": p.choice("exclusive", "inclusive", "unspecified"),
        "product_data": p.object_of(
            {
                "name": p.text(), "description": p.text(), "images": p.list_of(p.text(2048)), "metadata": p.metadata,
                "tax_code": p.text(),
            },
            required=("name",),
        ),
    },
    required=("currency", "unit_amount", "product_data"),
)  # fmt: skip
_LINE_ITEM = p.object_of(
    {"price_data": _PRICE_DATA, "quantity": p.integer(1, 999_999), "metadata": p.metadata, "price": NOT_HERE},
    required=("price_data", "quantity"),
)
_SHIPPING_OPTION = p.object_of(
    {
        "shipping_rate": NOT_HERE,
        "shipping_rate_data": p.object_of(
            {
                "display_name": p.text(100),
                "type": p.choice("fixed_amount"),
                "fixed_amount": p.object_of(
                    {"amount": p.integer(), "currency": p.currency}, required=("amount", "currency")
                ),
                "tax_behavior": p.choice("exclusive", "inclusive", "unspecified"),
                "tax_code": p.text(),
                "metadata": p.metadata,
            },
            required=("display_name", "fixed_amount"),
        ),
    },
    required=("shipping_rate_data",),
)
CREATE: dict[str, p.Check] = {
    "mode": p.choice("payment", "setup", "subscription"),
    "line_items": p.list_of(_LINE_ITEM),
    "success_url": p.address,
    "cancel_url": p.address,
    "client_reference_id": p.text(200),
    "customer_email": p.email,
    "customer_creation": p.choice("if_required"),
    "expires_at": p.integer(0, 99_999_999_999),
    "metadata": p.metadata,
    "locale": p.text(10),
    "submit_type": p.choice("auto", "book", "donate", "pay", "subscribe"),
    "ui_mode": p.choice("hosted_page"),
    "billing_address_collection": p.choice("auto", "required"),
    "payment_method_types": p.list_of(p.choice("card", "sepa_debit")),
    "payment_intent_data": p.object_of(
        {
            "metadata": p.metadata, "description": p.text(1000), "receipt_email": p.email,
            "statement_descriptor": p.text(22), "statement_descriptor_suffix": p.text(22), "transfer_group": p.text(),
            "capture_method": p.choice("automatic", "automatic_async"),
        }
    ),
    "shipping_options": p.list_of(_SHIPPING_OPTION),
    "discounts": p.list_of(p.object_of({"coupon": p.text(), "promotion_code": NOT_HERE}, required=("coupon",))),
    "allow_promotion_codes": NOT_HERE, "automatic_tax": NOT_HERE, "customer": NOT_HERE, "invoice_creation": NOT_HERE,
    "phone_number_collection": NOT_HERE, "shipping_address_collection": NOT_HERE, "custom_fields": NOT_HERE,
    "custom_text": NOT_HERE, "after_expiration": NOT_HERE, "consent_collection": NOT_HERE,
    "tax_id_collection": NOT_HERE,
    "payment_method_options": NOT_HERE, "adaptive_pricing": NOT_HERE, "return_url": NOT_HERE,
}  # fmt: skip
REQUIRED = ("mode", "line_items", "success_url")


class Sessions:
    def __init__(
        self, store: Store, clock: Clock, events: Events, payments: Payments, configuration: Configuration
    ) -> None:
        self._store = store
        self._clock = clock
        self._events = events
        self._payments = payments
        self._configuration = configuration

    def get(self, identifier: str) -> Body:
        session = self._store.find(identifier, KIND)
        if session is None:
            raise missing_object(KIND, identifier, param="session")
        return session

    def line_items(self, identifier: str) -> list[Body]:
        return list(self._store.hidden(identifier)["line_items"])

    # --- Making ------------------------------------------------------------------------------------------------------

    def create(self, raw: dict[str, Any]) -> Body:
        given = p.checked(raw, CREATE, required=REQUIRED)
        if given["mode"] != "payment":
            raise bad_parameter(f"The simulator does not support mode {given['mode']}: only payment.", "mode")
        now = self._clock.seconds()
        expires_at = _checked_expiry(given.get("expires_at"), now)
        currency = _one_currency(given)
        shipping = _shipping(given)
        items = [_line_item(item, now) for item in given["line_items"]]
        subtotal = sum(item["amount_subtotal"] for item in items)
        discount = self._discount(given, subtotal, currency)
        total = subtotal + (shipping["amount_total"] if shipping else 0) - discount
        _check_total(total, currency)
        _spread(discount, items)
        identifier = new_id("cs_test", 58)
        session = _session(given, identifier, now) | {
            "amount_subtotal": subtotal,
            "amount_total": total,
            "currency": currency,
            "expires_at": expires_at,
            "shipping_cost": shipping,
            "total_details": {
                "amount_discount": discount,
                "amount_shipping": shipping["amount_total"] if shipping else 0,
                "amount_tax": 0,
            },
            "url": f"{self._configuration.browser_url}/c/pay/{identifier}",
        }
        options = [option["shipping_rate_data"]["display_name"] for option in given.get("shipping_options", [])]
        self._store.add(
            session, line_items=items, shipping_name=options[0] if options else "",
            payment_intent_data=given.get("payment_intent_data", {}),
        )  # fmt: skip
        self._store.set_timer(identifier, "expire", expires_at)
        return session

    def _discount(self, given: Body, subtotal: int, currency: str) -> int:
        discounts = given.get("discounts", [])
        if len(discounts) > 1:
            raise bad_parameter("You can only apply one discount to a Checkout Session.", "discounts")
        if not discounts:
            return 0
        coupon = self._store.find(discounts[0]["coupon"], "coupon")
        if coupon is None:
            raise StripeError(
                f"No such coupon: '{discounts[0]['coupon']}'", code="resource_missing", param="discounts[0][coupon]"
            )
        if coupon["percent_off"] is not None:
            return int(subtotal * coupon["percent_off"] / 100 + 0.5)
        if coupon["currency"] != currency:
            raise bad_parameter(f"The coupon is in {coupon['currency']}, not {currency}.", "discounts[0][coupon]")
        return min(int(coupon["amount_off"]), subtotal)

    # --- Ending ------------------------------------------------------------------------------------------------------

    def expire(self, identifier: str) -> Body:
        """By the API. Raise StripeError for a session that is not open."""
        session = self.get(identifier)
        if session["status"] != "open":
            raise StripeError(
                'Only Checkout Sessions with a status in ["open"] can be expired. '
                f"This Checkout Session has a status of {session['status']}."
            )
        self._expire(session)
        return session

    def act_on_timer(self, identifier: str, action: str) -> None:
        session = self._store.find(identifier, KIND)
        if session is None:
            return
        if action == "expire" and session["status"] == "open":
            self._expire(session)
        elif action in ("succeed", "fail") and session["payment_status"] == "unpaid":
            self.settle(identifier, succeeds=action == "succeed")

    def _expire(self, session: Body) -> None:
        self._store.drop_timers(session["id"])
        session |= {"status": "expired", "url": None}
        self._store.save(session)
        intent = self._store.find(session["payment_intent"] or "", "payment_intent")
        if intent is not None:
            self._payments.cancel(intent)
        self._events.happened("checkout.session.expired", session)

    # --- Paying ------------------------------------------------------------------------------------------------------

    def pay(self, identifier: str, method: PaymentMethod, *, email: str, name: str = "") -> str:
        """Attempt to pay an open session; return what went wrong, or nothing."""
        session = self.get(identifier)
        self._store.hide(identifier, email=email, name=name)
        if session["amount_total"] == 0:
            self._complete(session, "no_payment_required")
            return ""
        intent = self._intent(session)
        if method.outcome is Outcome.DECLINED:
            return self._payments.decline(intent, method, email=email, name=name)
        if method.outcome is Outcome.AUTHENTICATION:
            self._payments.require_authentication(intent, method)
        elif method.outcome is Outcome.SUCCEEDS:
            self._payments.succeed(intent, method, email=email, name=name)
            self._complete(session, "paid")
        else:
            self._payments.process(intent, method, email=email, name=name)
            self._complete(session, "unpaid")
            action = "succeed" if method.outcome is Outcome.DELAYED_SUCCEEDS else "fail"
            self._store.hide(intent["id"], number=method.number)
            self._store.set_timer(identifier, action, self._clock.now() + self._configuration.seconds_until_delayed)
        return ""

    def is_authenticating(self, session: Body) -> bool:
        intent = self._store.find(session["payment_intent"] or "", "payment_intent")
        return intent is not None and intent["status"] == "requires_action"

    def authenticate(self, identifier: str, method: PaymentMethod, *, succeeds: bool) -> str:
        session = self.get(identifier)
        intent = self._intent(session)
        if not succeeds:
            return self._payments.refuse_authentication(intent)
        hidden = self._store.hidden(identifier)
        self._payments.succeed(intent, method, email=hidden["email"], name=hidden["name"])
        self._complete(session, "paid")
        return ""

    def settle(self, identifier: str, *, succeeds: bool) -> None:
        """End a delayed payment. Without effect on any other."""
        session = self.get(identifier)
        intent = self._store.find(session["payment_intent"] or "", "payment_intent")
        if intent is None or intent["status"] != "processing":
            return
        self._store.drop_timers(identifier)
        self._payments.settle(intent, self.method_of(intent["id"]), succeeds=succeeds)
        if succeeds:
            session["payment_status"] = "paid"
            self._store.save(session)
        result = "succeeded" if succeeds else "failed"
        self._events.happened(f"checkout.session.async_payment_{result}", session)

    def method_of(self, intent_id: str) -> PaymentMethod:
        return BY_NUMBER[self._store.hidden(intent_id)["number"]]

    def _intent(self, session: Body) -> Body:
        intent = self._store.find(session["payment_intent"] or "", "payment_intent")
        if intent is None:
            intent = self._payments.start(session, self._store.hidden(session["id"])["payment_intent_data"])
            session["payment_intent"] = intent["id"]
            self._store.save(session)
        return intent

    def _complete(self, session: Body, payment_status: str) -> None:
        hidden = self._store.hidden(session["id"])
        self._store.drop_timers(session["id"])
        session |= {
            "status": "complete",
            "payment_status": payment_status,
            "url": None,
            "customer_details": {
                "address": NO_ADDRESS, "business_name": None, "email": hidden["email"], "individual_name": None,
                "name": hidden["name"] or None, "phone": None, "tax_exempt": "none", "tax_ids": [],
            },
        }  # fmt: skip
        self._store.save(session)
        self._events.happened("checkout.session.completed", session)


def _checked_expiry(expires_at: int | None, now: int) -> int:
    if expires_at is None:
        return now + LONGEST_SECONDS
    if not now + SHORTEST_SECONDS - GRACE_SECONDS <= expires_at <= now + LONGEST_SECONDS + GRACE_SECONDS:
        raise bad_parameter(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
            if expires_at < now + SHORTEST_SECONDS
            else "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            "expires_at",
        )
    return expires_at


def _one_currency(given: Body) -> str:
    items = given["line_items"]
    if not 0 < len(items) <= 100:
        raise bad_parameter("A Checkout Session takes from 1 to 100 line items.", "line_items")
    currencies = {item["price_data"]["currency"] for item in items} | {
        option["shipping_rate_data"]["fixed_amount"]["currency"] for option in given.get("shipping_options", [])
    }
    if len(currencies) > 1:
        raise bad_parameter("All prices on a Checkout Session must be in the same currency.", "line_items")
    return str(currencies.pop())


def _shipping(given: Body) -> Body | None:
    options = given.get("shipping_options", [])
    if len(options) > 1:
        raise bad_parameter("The simulator takes one shipping option: the buyer chose in the shop.", "shipping_options")
    if not options:
        return None
    amount = options[0]["shipping_rate_data"]["fixed_amount"]["amount"]
    return {"amount_subtotal": amount, "amount_tax": 0, "amount_total": amount, "shipping_rate": new_id("shr")}


def _check_total(total: int, currency: str) -> None:
    smallest = SMALLEST_TOTALS.get(currency, SMALLEST_TOTAL)
    if 0 < total < smallest:
        raise StripeError(
            f"The Checkout Session's total amount due must add up to at least {money(smallest, currency)}",
            code="amount_too_small",
        )


def _line_item(item: Body, now: int) -> Body:
    data = item["price_data"]
    amount = data["unit_amount"] * item["quantity"]
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": data["currency"],
        "description": data["product_data"]["name"],
        "metadata": item.get("metadata", {}),
        "price": {
            "id": new_id("price"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": now,
            "currency": data["currency"],
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": new_id("prod", 14),
            "recurring": None,
            "tax_behavior": data.get("tax_behavior", "unspecified"),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": data["unit_amount"],
            "unit_amount_decimal": str(data["unit_amount"]),
        },
        "quantity": item["quantity"],
    }


def _spread(discount: int, items: list[Body]) -> None:
    """Share a discount among the lines by their amounts; the last takes what rounding leaves."""
    left, of = discount, sum(item["amount_subtotal"] for item in items)
    for item in items:
        share = left * item["amount_subtotal"] // of if of else 0
        item["amount_discount"] = share
        item["amount_total"] = item["amount_subtotal"] - share
        left, of = left - share, of - item["amount_subtotal"]


def _session(given: Body, identifier: str, now: int) -> Body:
    email = given.get("customer_email")
    contact = {
        "address": None, "business_name": None, "email": email, "individual_name": None, "name": None, "phone": None,
        "tax_exempt": "none", "tax_ids": None,
    }  # fmt: skip
    nothing = dict.fromkeys(
        (
            "after_expiration", "allow_promotion_codes", "client_secret", "collected_information", "consent",
            "consent_collection", "currency_conversion", "customer", "customer_account", "integration_identifier",
            "invoice", "managed_payments", "origin_context", "payment_intent", "payment_link",
            "payment_method_configuration_details", "permissions", "recovered_from", "saved_payment_method_options",
            "setup_intent", "shipping_address_collection", "subscription", "wallet_options",
        )
    )  # fmt: skip
    nothing_billed = dict.fromkeys(
        ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    )
    return {
        **nothing,
        "id": identifier,
        "object": KIND,
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": given.get("billing_address_collection"),
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "created": now,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": "if_required",
        "customer_details": contact if email else None,
        "customer_email": email,
        "discounts": [{"coupon": one["coupon"], "promotion_code": None} for one in given.get("discounts", [])],
        "invoice_creation": {"enabled": False, "invoice_data": {**nothing_billed, "metadata": {}}},
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": given.get("metadata", {}),
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": given.get("payment_method_types", ["card", "sepa_debit"]),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "success_url": given["success_url"],
        "ui_mode": "hosted_page",
    }
