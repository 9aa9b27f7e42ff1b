"""The simulator's own page: what there is, what was delivered, and buttons for what happens at Stripe."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

from ..control import Control
from ..errors import StripeError
from ..faults import DEFAULTS, SWITCHES
from ..payments import money
from ..simulator import Simulator
from ..store import Body
from ..web import Answer, Request, redirect
from .html import button, escape, page

SHOWN = 25


class Dashboard:
    def __init__(self, simulator: Simulator, control: Control) -> None:
        self._simulator = simulator
        self._control = control

    def answer(self, request: Request) -> Answer:
        if request.method != "POST":
            return self._page() if request.path == "/" else page("Not found", "<p>Nothing is here.</p>", status=404)
        try:
            is_known = self._act(request)
        except (StripeError, ValueError) as error:
            return self._page(problem=str(error))
        self._simulator.wake()
        return redirect("/") if is_known else page("Not found", "<p>Nothing is here.</p>", status=404)

    def _act(self, request: Request) -> bool:
        path = request.path.removeprefix("/dashboard/").strip("/")
        if path in ("faults", "reset", "deliver"):
            control = Request("POST", f"/_simulator/{path}", "", request.headers, request.body)
            answer = self._control.answer(control)
            if answer.status != 200:
                raise ValueError(answer.body)
            return True
        return self._control.act(path.split("/"), dict(request.form))

    def _page(self, problem: str = "") -> Answer:
        target = self._simulator.configuration.webhook_url or "nowhere (STRIPE_SIMULATOR_WEBHOOK_URL is not set)"
        notice = f'<p class="error" role="alert">{escape(problem)}</p>' if problem else ""
        content = f"""{notice}
<p>Events go to <code>{escape(target)}</code>. {button("/dashboard/deliver", "Deliver all that waits now")}</p>
{self._section("Checkout sessions", "checkout.session", self._session)}
{self._section("Charges", "charge", self._charge)}
{self._section("Refunds", "refund", self._refund)}
{self._section("Disputes", "dispute", self._dispute)}
{self._events()}
{self._faults()}
<section><h2>Start afresh</h2><p>Forgets every session, payment and event.</p>
{button("/dashboard/reset", "Forget everything")}</section>"""
        return page("Dashboard", content, is_wide=True, status=400 if problem else 200)

    def _section(self, title: str, kind: str, row: object) -> str:
        assert callable(row)  # noqa: S101  # one of the methods below
        rows = "".join(row(one) for one in islice(self._simulator.store.newest(kind), SHOWN))
        return _table(title, ("Object", "State", "What can happen"), rows)

    def _session(self, one: Body) -> str:
        actions = ""
        if one["status"] == "open":
            actions = f'<a href="/c/pay/{one["id"]}">Payment page</a>'
            actions += button(f"/dashboard/sessions/{one['id']}/expire", "Expire")
        elif one["status"] == "complete" and one["payment_status"] == "unpaid":
            actions = button(f"/dashboard/sessions/{one['id']}/succeed", "Let it succeed")
            actions += button(f"/dashboard/sessions/{one['id']}/fail", "Let it fail")
        return _row(one, f"{one['status']}, {one['payment_status']}", actions, amount=one["amount_total"])

    def _charge(self, one: Body) -> str:
        state = one["status"] + (", disputed" if one["disputed"] else "")
        if one["amount_refunded"]:
            state += f", {money(one['amount_refunded'], one['currency'])} refunded"
        actions = ""
        if one["status"] == "succeeded" and not one["disputed"]:
            actions = button(f"/dashboard/charges/{one['id']}/dispute", "Dispute")
            if not one["refunded"]:
                actions += button(f"/dashboard/charges/{one['id']}/refund", "Refund")
        return _row(one, state, actions)

    def _refund(self, one: Body) -> str:
        actions = button(f"/dashboard/refunds/{one['id']}/fail", "Fail") if one["status"] == "succeeded" else ""
        return _row(one, one["status"], actions)

    def _dispute(self, one: Body) -> str:
        actions = ""
        if one["status"] not in ("won", "lost"):
            actions = button(f"/dashboard/disputes/{one['id']}/won", "Close as won")
            actions += button(f"/dashboard/disputes/{one['id']}/lost", "Close as lost")
        return _row(one, one["status"], actions)

    def _events(self) -> str:
        delivered: dict[str, list[str]] = {}
        for delivery in self._control.deliveries():
            tries = f" ({delivery['attempts']}×, {delivery['outcome']})" if delivery["attempts"] else ""
            delivered.setdefault(delivery["event"], []).append(f"{delivery['state']}{tries}")
        rows = "".join(
            f'<tr><th scope="row">{escape(event["type"])}<small>{event["id"]} · {_time(event)}</small></th>'
            f"<td>{escape('; '.join(delivered.get(event['id'], ['not sent'])))}</td>"
            f"<td>{button('/dashboard/events/' + event['id'] + '/resend', 'Send again')}</td></tr>"
            for event in islice(self._simulator.store.newest("event"), 2 * SHOWN)
        )
        return _table("Events", ("Event", "Delivery", "What can happen"), rows)

    def _faults(self) -> str:
        state = self._simulator.faults.state()
        labels = {
            **SWITCHES,
            "latency_seconds": "Seconds that late answers take",
            "timeout_seconds": "Seconds until hanging requests are cut off",
            "repeats": "How many times more repeated events come",
        }
        fields = "".join(
            f'<p class="field"><label for="{name}">{labels[name][0].upper() + labels[name][1:]}</label>'
            f'<input id="{name}" name="{name}" value="{state[name]:g}" inputmode="decimal"></p>'
            for name in (*SWITCHES, *DEFAULTS)
        )
        return f"""<section><h2>Faults</h2>
<p>How many of the next requests or events go wrong; −1 is all of them, 0 none.</p>
<form method="post" action="/dashboard/faults">{fields}<button>Set</button></form></section>"""


def _row(one: Body, state: str, actions: str, *, amount: int | None = None) -> str:
    sum_ = money(one["amount"] if amount is None else amount, one["currency"])
    return (
        f'<tr><th scope="row">{sum_}<small>{one["id"]} · {_time(one)}</small></th>'
        f'<td>{escape(state)}</td><td class="actions">{actions}</td></tr>'
    )


def _time(one: Body) -> str:
    return datetime.fromtimestamp(one["created"], UTC).strftime("%d %b %H:%M:%S UTC")


def _table(title: str, columns: tuple[str, ...], rows: str) -> str:
    if not rows:
        return f"<section><h2>{title}</h2><p>None yet.</p></section>"
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return (
        f'<section><h2>{title}</h2><div class="scrolls" role="region" tabindex="0" aria-label="{title}">'
        f'<table class="list"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )
