"""The second step and passkeys, in a browser with an authenticator of its own."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from playwright.sync_api import CDPSession, Page, expect
from tests.e2e.accounts import log_in, log_out
from tests.e2e.shop import Shop


@pytest.fixture
def authenticator(page: Page) -> CDPSession:
    """A device that keeps passkeys and finds its owner's finger each time."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def _show_who_you_are(page: Page, password: str) -> None:
    if "reauthenticate" in page.url:
        page.locator("input[name=password]").fill(password)
        page.locator("main form button[type=submit]").click()


def _add_passkey(page: Page, password: str, name: str) -> None:
    page.goto("/accounts/security/webauthn/add/")
    _show_who_you_are(page, password)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


def test_adds_renames_uses_and_removes_a_passkey(
    page: Page, customer: str, password: str, authenticator: Any, shop: Shop
):
    _add_passkey(page, password, "My phone")
    assert "passkey was added" in shop.mail_to(customer, subject="A passkey was added").lower()

    page.goto("/accounts/security/webauthn/")
    page.get_by_role("link", name="Rename My phone").click()
    page.get_by_label("Name").fill("Old phone")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Old phone")

    log_out(page)
    page.goto("/accounts/login/?next=/shop/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(r"^[^?]*/shop/$"))
    page.goto("/accounts/security/webauthn/")
    expect(page.locator("main")).to_contain_text("Last used")

    page.get_by_role("link", name="Remove Old phone").click()
    if "reauthenticate" in page.url:
        _show_who_you_are(page, password)
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("main")).to_contain_text("You have none yet.")


def test_a_passkey_is_the_second_step_after_the_password(page: Page, customer: str, password: str, authenticator: Any):
    _add_passkey(page, password, "My key")
    log_out(page)
    log_in(page, customer, password)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_a_device_without_a_passkey_is_told_so(page: Page, authenticator: Any):
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="That did not work")).to_be_visible()


def test_without_javascript_no_button_promises_a_passkey(page_without_javascript: Page):
    page_without_javascript.goto("/accounts/login/")
    expect(page_without_javascript.get_by_role("link", name="Mail me a code")).to_be_visible()
    expect(page_without_javascript.locator("[data-passkey]")).to_be_hidden()


def test_sets_up_an_app_and_logs_in_with_its_code(page: Page, customer: str, password: str):
    page.goto("/accounts/security/totp/activate/")
    _show_who_you_are(page, password)
    secret = page.locator(".secret-key").inner_text().strip()
    page.locator("input[name=code]").fill(_code(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    recovery_code = page.locator(".recovery-codes li").first.inner_text().strip()

    log_out(page)
    log_in(page, customer, password)
    page.locator("input[name=code]").fill(_code(secret))
    page.locator("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()

    log_out(page)
    log_in(page, customer, password)
    page.locator("input[name=code]").fill(recovery_code)
    page.locator("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_logs_in_with_a_mailed_code(page: Page, customer: str, shop: Shop):
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Mail me a code").click()
    page.locator("main").get_by_label("E-mail address").fill(customer)
    page.locator("main").get_by_role("button", name="Mail me a code").click()
    text = shop.mail_to(customer, subject="Your code to log in")
    found = re.search(r"^[A-Z0-9-]{6,}$", text, re.MULTILINE)
    assert found
    page.get_by_label("Code from the mail").fill(found[0])
    page.locator("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def _code(secret: str) -> str:
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30)))
