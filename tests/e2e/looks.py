"""How a page looks, as far as a test can say."""

from __future__ import annotations

from playwright.sync_api import Page

PHONE_WIDTH = 390


def assert_fits_a_phone(page: Page) -> None:
    """Nothing sticks out at the side; measured once the page has its style sheet."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
