"""Logging in and out, as people do it."""

from __future__ import annotations

from playwright.sync_api import Page


def log_in(page: Page, address: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(address)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").click()


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main form button").click()
