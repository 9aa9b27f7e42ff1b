"""A browser, and a shop to visit. Every page that a test opens is watched for what no page may do."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from tests.e2e.accounts import log_in
from tests.e2e.looks import PHONE_WIDTH
from tests.e2e.shop import EmbeddedShop, Shop, shop_at

# A busy machine is no failure: what is waited for comes at once on an idle one.
PATIENCE = 60_000
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
        " --disable-component-update --disable-sync"
    )
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": quiet.split(),
    }


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    if base_url := os.environ.get("BASE_URL"):
        yield shop_at(base_url)
        return
    folder: Path = tmp_path_factory.mktemp("shop")
    embedded = EmbeddedShop(folder=folder)
    try:
        yield embedded.start()
    finally:
        embedded.stop()


@pytest.fixture(scope="session")
def base_url(shop: Shop) -> str:
    return shop.base_url


@pytest.fixture(autouse=True)
def watched(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page logs an error, breaks its content security policy, misses a file, or asks another host for anything.

    And every cookie that the browser was given stands on the page about cookies.
    """
    faults: list[str] = []
    pages = [request.getfixturevalue(name) for name in PAGES & set(request.fixturenames)]
    for page in pages:
        _watch(page, urlsplit(request.getfixturevalue("base_url")).netloc, faults)
    yield
    for page in pages:
        given = {cookie["name"] for cookie in page.context.cookies()}
        faults += [f"{name} is a cookie that /cookies/ does not name" for name in given - _listed_cookies(page)]
    expected = request.node.get_closest_marker("expects_faults")
    assert expected or not faults, faults


PAGES = {"page", "phone", "page_without_javascript", "staff"}
PAYMENT_PAGE = "/c/pay/"  # as at Stripe, and its simulator's


def _listed_cookies(page: Page) -> set[str]:
    told = page.context.request.get("/cookies/").text()
    return set(re.findall(r"<h2><code>([^<]+)</code></h2>", told))


def _watch(page: Page, host: str, faults: list[str]) -> None:
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda sent: faults.append(f"asked {sent.url}") if _is_foreign(sent, host) else None)


def _is_fault(message: ConsoleMessage) -> bool:
    # A container engine that makes a network meanwhile is not the page's doing.
    return message.type == "error" and "ERR_NETWORK_CHANGED" not in message.text


def _is_foreign(sent: Request, host: str) -> bool:
    """Buyers go to the payment page and come back. Nothing else is elsewhere; each page loads from its own host."""
    parts = urlsplit(sent.url)
    if parts.scheme not in {"http", "https", "ws", "wss"}:
        return False
    if sent.is_navigation_request():
        return parts.netloc != host and not parts.path.startswith(PAYMENT_PAGE)
    return parts.netloc != urlsplit(sent.frame.url).netloc


@pytest.fixture
def phone(browser: Any, base_url: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base_url, viewport={"width": PHONE_WIDTH, "height": 844}, has_touch=True, device_scale_factor=2
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def page_without_javascript(browser: Any, base_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def staff(browser: Browser, base_url: str, shop: Shop) -> Iterator[Page]:
    """A second browser, in which somebody of the staff is logged in."""
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, shop.staff_email, shop.staff_password)
    yield page
    context.close()


@pytest.fixture
def password() -> str:
    return f"brown-teapot-{secrets.token_hex(4)}"


@pytest.fixture
def customer(page: Page, shop: Shop, password: str) -> str:
    """Signs up, confirms the address by the mail, and is logged in. Returns the address."""
    address = f"customer-{secrets.token_hex(4)}@example.com"
    page.goto("/accounts/signup/")
    page.locator("main").get_by_label("E-mail").fill(address)
    page.locator("input[name=password1]").fill(password)
    page.locator("input[name=password2]").fill(password)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(shop.link_in_mail_to(address, subject="Please confirm"))
    page.locator("main form button").click()
    if "/accounts/login" in page.url:
        log_in(page, address, password)
    return address
