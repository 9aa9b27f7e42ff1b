"""A buyer without a browser: the same requests, in the same order, through nginx."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from tests.environment import wait_until
from tests.stack.stack import Stack

ADDRESS = {
    "ship-name": "Alice Example",
    "ship-street": "Lindenweg 4",
    "ship-postal_code": "10115",
    "ship-city": "Berlin",
    "ship-country": "DE",
}
CARD = "4242424242424242"
OURS = {"Sec-Fetch-Site": "same-origin"}


def inputs(html: str) -> list[dict[str, str]]:
    """The attributes of every input that has a name."""
    found: list[dict[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            named = {name: value or "" for name, value in attrs}
            if tag == "input" and "name" in named:
                found.append({"value": "", **named})

    Reader().feed(html)
    return found


def hidden(html: str, beside: str) -> dict[str, str]:
    """The hidden inputs of the form that asks for `beside`; the form for the language, on every page, has its own."""
    for form in re.findall(r"<form\b.*?</form>", html, re.DOTALL):
        if any(tag["name"] == beside for tag in inputs(form)):
            return {tag["name"]: tag["value"] for tag in inputs(form) if tag.get("type") == "hidden"}
    raise AssertionError(f"no form of the page asks for {beside}: {html}")


@dataclass
class Buyer:
    stack: Stack
    email: str
    number: str = ""  # of the order
    payment_page: str = ""
    _session: requests.Session = field(default_factory=requests.Session)

    @property
    def shop(self) -> str:
        return f"http://127.0.0.1:{self.stack.port}"

    def get(self, path: str) -> requests.Response:
        return self._session.get(urljoin(self.shop, path), timeout=60, allow_redirects=False)

    def post(self, path: str, data: dict[str, str]) -> requests.Response:
        return self._session.post(
            urljoin(self.shop, path), data, headers=OURS, timeout=60, allow_redirects=False
        )  # fmt: skip

    def fill_cart(self) -> None:
        product = re.search(r'href="(/shop/products/[^"?#]+)"', self.get("/shop/?in_stock=on").text)
        assert product
        sku = re.search(r'name="variant" value="([^"]+)"', self.get(product[1]).text)
        assert sku
        assert self.post("/shop/cart/add/", {"variant": sku[1], "quantity": "1"}).status_code in {200, 302, 303}

    def filled_form(self) -> dict[str, str]:
        """The checkout's form as the page sends it, once everything is typed in and the terms are agreed to."""
        page = self._page(self.get("/shop/checkout/"))
        methods = [tag["value"] for tag in inputs(page) if tag["name"] == "method"]
        assert methods, "the checkout has a shipping method"
        typed = {"email": self.email, **ADDRESS, "method": methods[0], "terms": "on", "action": "pay"}
        # What the total is depends on the address, and must have been shown.
        shown = self.post("/shop/checkout/", {**hidden(page, "email"), **typed, "action": "update"})
        return {**typed, **hidden(self._page(shown), "email")}

    def _page(self, answer: requests.Response) -> str:
        assert answer.status_code == 200, f"{answer.status_code} for {answer.request.path_url}: {answer.text}"
        return answer.text

    def order(self, form: dict[str, str]) -> requests.Response:
        """Press the button. Afterwards there is a payment page, where all is well."""
        answer = self.post("/shop/checkout/", form)
        location = answer.headers.get("Location", "")
        if "/c/pay/" in location:
            self.payment_page = location
        return answer

    def pay(self, card: str = CARD) -> str:
        """On the payment page; the address that the buyer is sent back to."""
        paid = requests.post(
            self.payment_page.partition("#")[0],
            {"method": "other", "number": card, "email": self.email},
            timeout=60, allow_redirects=False,
        )  # fmt: skip
        back = paid.headers["Location"]
        self.number = urlsplit(back).path.split("/")[-3]
        return back.replace(f"http://localhost:{self.stack.port}", self.shop)

    def buy(self) -> str:
        self.fill_cart()
        answer = self.order(self.filled_form())
        assert self.payment_page, answer.text
        return self.pay()


class Books:
    """What the shop has of an order, and what has been mailed."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def state(self, buyer: Buyer) -> str:
        return self.stack.query(f"SELECT state FROM ecommerce_order WHERE number = '{buyer.number}'")

    def counted(self, buyer: Buyer) -> dict[str, int]:
        """How many orders the buyer has, and what they have of everything that must be once."""
        own = f"SELECT id FROM ecommerce_order WHERE email = '{buyer.email}'"
        counts = {
            "orders": own.replace("SELECT id", "SELECT COUNT(*)"),
            "invoices": f"SELECT COUNT(*) FROM ecommerce_invoice WHERE order_id IN ({own})",
            "payments": f"SELECT COUNT(*) FROM ecommerce_stripesession WHERE status = 'paid' AND order_id IN ({own})",
            "refunds": f"SELECT COUNT(*) FROM ecommerce_refund WHERE order_id IN ({own})",
        }
        return {name: int(self.stack.query(query) or -1) for name, query in counts.items()}

    def mails(self, buyer: Buyer) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.stack.mail_port}/email", timeout=30) as answer:
            mails: list[dict[str, Any]] = json.load(answer)
        return [mail for mail in mails if any(to["address"] == buyer.email for to in mail["to"])]

    def assert_bought_once(self, buyer: Buyer, *, seconds: float = 120) -> None:
        wait_until(lambda: self.state(buyer) == "paid", seconds=seconds, what=f"order {buyer.number} is paid")
        wait_until(lambda: self.mails(buyer), seconds=seconds, what=f"the mail about {buyer.number} has come")
        assert self.counted(buyer) == {"orders": 1, "invoices": 1, "payments": 1, "refunds": 0}
        [mail] = self.mails(buyer)
        assert buyer.number in mail["subject"]
        assert [paper["contentType"] for paper in mail["attachments"]] == ["application/pdf"]
