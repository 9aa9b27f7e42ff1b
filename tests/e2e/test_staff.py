"""What staff do in the admin."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.accounts import log_in
from tests.e2e.shop import Shop


@pytest.fixture
def admin(page: Page, shop: Shop) -> Page:
    log_in(page, shop.staff_email, shop.staff_password)
    page.goto("/admin/")
    return page


def test_sees_what_is_to_be_done_today(admin: Page):
    expect(admin.get_by_role("heading", name="Today")).to_be_visible()
    expect(admin.locator("#content")).to_contain_text("jobs", ignore_case=True)


def test_writes_a_post_that_visitors_then_read(admin: Page):
    title = f"Notes on oak {secrets.token_hex(3)}"
    admin.goto("/admin/core/blogpost/add/")
    admin.get_by_label("Title").fill(title)
    admin.get_by_label("Summary").fill("What oak wants.")
    editor = admin.locator(".ProseMirror:visible").first
    expect(editor).to_be_visible()
    editor.click()
    admin.keyboard.type("Oil it twice a year.")
    admin.get_by_label("Status").select_option(label="Published")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.locator(".messagelist")).to_contain_text("added successfully")
    admin.goto("/blog/")
    admin.get_by_role("link", name=title).first.click()
    expect(admin.locator(".prose")).to_contain_text("Oil it twice a year.")


def test_changes_a_price_that_visitors_then_see(admin: Page):
    admin.goto("/admin/ecommerce/product/?publication=published")
    admin.locator("#result_list tbody th a").first.click()
    price = admin.locator("input[name$='-price']").first
    compare = admin.locator("input[name$='-compare_at_price']").first
    price.fill("17.23")
    if compare.input_value():
        compare.fill("20.00")
    admin.get_by_role("button", name="Save and continue editing").click()
    expect(admin.locator(".messagelist")).to_contain_text("changed successfully")
    address = admin.get_by_role("link", name="View on site").get_attribute("href")
    admin.goto(address)
    expect(admin.locator("main")).to_contain_text("€17.23")


@pytest.mark.parametrize(
    "path",
    ["core/blogpost/", "core/contactmessage/", "ecommerce/product/", "ecommerce/category/", "users/customuser/",
     "tasks/job/", "core/newslettersubscription/", "django_celery_beat/periodictask/"],
)  # fmt: skip
def test_lists_open_without_a_fault(admin: Page, path: str):
    admin.goto(f"/admin/{path}")
    expect(admin.locator("#changelist")).to_be_visible()


@pytest.mark.expects_faults  # the browser logs the 403
def test_a_customer_is_not_let_in(page: Page, shop: Shop):
    page.goto("/admin/")
    assert "/accounts/login/" in page.url
