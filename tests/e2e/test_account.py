"""What somebody with an account does, from sign-up to a new password."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import Page, expect
from tests.e2e.accounts import log_in, log_out
from tests.e2e.shop import Shop


def test_signs_up_logs_out_and_in(page: Page, customer: str, password: str):
    page.goto("/accounts/")
    expect(page.locator("main")).to_contain_text(customer)
    log_out(page)
    log_in(page, customer, password)
    page.goto("/accounts/")
    expect(page.locator("main")).to_contain_text(customer)


def test_a_wrong_password_says_so_and_keeps_the_address(page: Page, customer: str):
    log_out(page)
    log_in(page, customer, "something-else")
    expect(page.locator("main")).to_contain_text("not correct")
    expect(page.locator("input[name=login]")).to_have_value(customer)


def test_chooses_a_new_password(page: Page, shop: Shop, customer: str):
    log_out(page)
    page.goto("/accounts/password/reset/")
    page.locator("main").get_by_label("E-mail").fill(customer)
    page.locator("main form button[type=submit]").click()
    page.goto(shop.link_in_mail_to(customer, subject="Choose a new password"))
    new = f"green-kettle-{secrets.token_hex(4)}"
    page.locator("input[name=password1]").fill(new)
    page.locator("input[name=password2]").fill(new)
    page.locator("main form button[type=submit]").click()
    log_in(page, customer, new)
    page.goto("/accounts/")
    expect(page.locator("main")).to_contain_text(customer)


def test_the_account_needs_a_login(page: Page):
    page.goto("/accounts/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
