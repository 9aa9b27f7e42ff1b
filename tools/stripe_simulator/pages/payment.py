"""The hosted payment page: what is bought, test cards to pay it with, and a way back.

A refused card is answered with 200, as the real page does: browsers report any other status as an error of the page.
"""

from __future__ import annotations

import re

from .. import cards
from ..cards import PaymentMethod
from ..payments import money
from ..simulator import Simulator
from ..store import Body
from ..web import Answer, Request, redirect
from .html import escape, page

_ADDRESS = re.compile(r"^/c/pay/(cs_test_\w+)(/authenticate)?/?$")
_OVER = {
    "complete": ("Already paid", "This payment is complete: nothing more is taken."),
    "expired": ("Payment page expired", "The time to pay is over. Go back to the shop to start again."),
}


class PaymentPage:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def answer(self, request: Request) -> Answer:
        match = _ADDRESS.match(request.path)
        session = self._simulator.store.find(match[1], "checkout.session") if match else None
        if match is None or session is None:
            return page("No such payment", "<p>This address belongs to no payment.</p>", status=404)
        with self._simulator.store.transaction():
            # Read again: another tab may just have paid.
            session = self._simulator.sessions.get(match[1])
            answer = self._answered(request, session, is_authenticating=bool(match[2]))
        self._simulator.wake()
        return answer

    def _answered(self, request: Request, session: Body, *, is_authenticating: bool) -> Answer:
        if session["status"] == "complete" and request.method == "POST":
            return redirect(_success_url(session))  # the second click of two, or another tab's
        if session["status"] != "open":
            return _over(session)
        if is_authenticating:
            return self._authentication(request, session)
        return self._paid(request, session) if request.method == "POST" else self._form(session)

    # --- Paying ------------------------------------------------------------------------------------------------------

    def _paid(self, request: Request, session: Body) -> Answer:
        form = request.form
        email = session["customer_email"] or form.get("email", "").strip()
        chosen = form.get("method", "other")
        number = form.get("number", "") if chosen == "other" else chosen
        method = cards.find(number)
        errors = {}
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
            errors["email"] = "Enter your e-mail address, such as buyer@example.com."
        if method is None or method.type not in session["payment_method_types"]:
            errors["number"] = (
                "Enter one of Stripe’s test numbers, or choose one above. Real cards are never taken here."
            )
        if errors or method is None:
            return self._form(session, form, errors)
        refusal = self._simulator.sessions.pay(session["id"], method, email=email, name=form.get("name", "").strip())
        return self._after(session["id"], refusal, form)

    def _after(self, session_id: str, refusal: str, form: dict[str, str] | None = None) -> Answer:
        session = self._simulator.sessions.get(session_id)
        if refusal:
            return self._form(session, form, {"payment": refusal})
        if session["status"] == "open":
            return redirect(f"/c/pay/{session_id}/authenticate")
        return redirect(_success_url(session))

    def _authentication(self, request: Request, session: Body) -> Answer:
        if not self._simulator.sessions.is_authenticating(session):
            return redirect(f"/c/pay/{session['id']}")
        if request.method == "POST":
            method = self._simulator.sessions.method_of(session["payment_intent"])
            succeeds = request.form.get("answer") == "complete"
            refusal = self._simulator.sessions.authenticate(session["id"], method, succeeds=succeeds)
            return self._after(session["id"], refusal, {"method": method.number})
        amount = money(session["amount_total"], session["currency"])
        return page(
            "Authenticate the payment",
            f"""<p>A real bank would ask now whether it is really you who pays <strong>{amount}</strong>.</p>
<form method="post" class="choices">
<button name="answer" value="complete">Complete authentication</button>
<button name="answer" value="fail" class="secondary">Fail authentication</button>
</form>""",
        )

    # --- What is shown -----------------------------------------------------------------------------------------------

    def _form(self, session: Body, form: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> Answer:
        form, errors = form or {}, errors or {}
        total = money(session["amount_total"], session["currency"])
        back = (
            f'<p class="back"><a href="{escape(session["cancel_url"])}">← Back to the shop without paying</a></p>'
            if session["cancel_url"]
            else ""
        )
        content = f"""{_notice(errors)}
{back}
<div class="columns">
<section aria-labelledby="order"><h2 id="order">Your order</h2>
{self._order(session)}
</section>
<section aria-labelledby="payment"><h2 id="payment">Payment</h2>
<form method="post" action="/c/pay/{session["id"]}" novalidate>
{_contact(session, form, errors)}
{_methods(session, form, errors)}
<button class="pay">Pay {total}</button>
</form>
</section>
</div>"""
        return page(f"Pay {total}", content, is_wide=True)

    def _order(self, session: Body) -> str:
        currency = session["currency"]
        rows = [
            (escape(item["description"]) + _times(item["quantity"]), item["amount_subtotal"])
            for item in self._simulator.sessions.line_items(session["id"])
        ]
        if session["shipping_cost"]:
            name = self._simulator.store.hidden(session["id"])["shipping_name"]
            rows.append((f"Shipping: {escape(name)}", session["shipping_cost"]["amount_total"]))
        if session["total_details"]["amount_discount"]:
            rows.append(("Discount", -session["total_details"]["amount_discount"]))
        lines = "".join(
            f'<tr><th scope="row">{label}</th><td>{money(amount, currency)}</td></tr>' for label, amount in rows
        )
        total = money(session["amount_total"], currency)
        return (
            f'<table><tbody>{lines}</tbody><tfoot><tr><th scope="row">Total</th><td>{total}</td></tr></tfoot></table>'
        )


def _times(quantity: int) -> str:
    return f" <span>× {quantity}</span>" if quantity > 1 else ""


def _success_url(session: Body) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _over(session: Body) -> Answer:
    title, words = _OVER[session["status"]]
    is_paid = session["status"] == "complete"
    address = _success_url(session) if is_paid else session["cancel_url"] or session["success_url"]
    return page(title, f'<p>{words}</p><p><a href="{escape(address)}">Back to the shop</a></p>')


def _notice(errors: dict[str, str]) -> str:
    if not errors:
        return ""
    words = errors.get("payment") or "Something is missing: see below. Nothing was paid."
    return f'<p class="error" role="alert">{escape(words)}</p>'


def _contact(session: Body, form: dict[str, str], errors: dict[str, str]) -> str:
    if session["customer_email"]:
        return f"<p>Receipt to <strong>{escape(session['customer_email'])}</strong></p>"
    return _field("email", "E-mail", form, errors, 'type="email" autocomplete="email" required')


def _field(name: str, label: str, form: dict[str, str], errors: dict[str, str], attributes: str) -> str:
    error, described = "", ""
    if name in errors:
        error = f'<span class="field-error" id="{name}-error">{escape(errors[name])}</span>'
        described = f' aria-invalid="true" aria-describedby="{name}-error"'
    value = escape(form.get(name, ""))
    return (
        f'<p class="field"><label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" value="{value}" {attributes}{described}>{error}</p>'
    )


def _methods(session: Body, form: dict[str, str], errors: dict[str, str]) -> str:
    offered = [method for method in cards.OFFERED if method.type in session["payment_method_types"]]
    chosen = form.get("method") or offered[0].number
    options = "".join(_option(method, is_chosen=method.number == chosen) for method in offered)
    other = " checked" if chosen == "other" else ""
    number = _field("number", "Another of Stripe’s test numbers", form, errors, 'autocomplete="off" inputmode="text"')
    return f"""<fieldset><legend>Test card or account</legend>
{options}
<div class="option"><input type="radio" id="other" name="method" value="other"{other}>
<label for="other">Another number <small>typed below</small></label></div>
{number}
</fieldset>"""


def _option(method: PaymentMethod, *, is_chosen: bool) -> str:
    checked = " checked" if is_chosen else ""
    return (
        f'<div class="option"><input type="radio" id="m{method.number}" name="method" value="{method.number}"{checked}>'
        f'<label for="m{method.number}">{method.label} <small>{method.spaced}</small></label></div>\n'
    )
