"""Watching a long job, and stopping it: live, by asking where no socket is to be had, and without JavaScript."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from tests.e2e.accounts import log_in
from tests.e2e.shop import Shop

PRODUCTS = 300  # some seconds of work, for what happens meanwhile
FEW = 100
ENOUGH = 120_000  # milliseconds: another test's pictures may be made first


def catalogue(folder: Path, products: int) -> Path:
    """A file of products that no other run has."""
    run = secrets.token_hex(3)
    lines = [f"jobs-{run}-{number},Peg {run} {number},{number}.50\n" for number in range(1, products + 1)]
    file = folder / "pegs.csv"
    file.write_text("Handle,Title,Variant Price\n" + "".join(lines))
    return file


@pytest.fixture
def admin(page: Page, shop: Shop) -> Page:
    log_in(page, shop.staff_email, shop.staff_password)
    return page


def check(page: Page, folder: Path, products: int = PRODUCTS) -> None:
    """Upload a file, and wait until it is checked."""
    page.goto("/admin/ecommerce/productimport/add/")
    page.locator("input[type=file]").set_input_files(catalogue(folder, products))
    page.locator(".submit-row input[type=submit]").first.click()
    expect(page.get_by_role("button", name=f"Import {products} products")).to_be_visible(timeout=ENOUGH)


def begin(page: Page, folder: Path, products: int = PRODUCTS) -> None:
    check(page, folder, products)
    page.get_by_role("button", name=f"Import {products} products").click()


def wait_for_first_step(page: Page) -> None:
    expect(page.locator("[data-job-current]")).to_have_text(re.compile(r"^[1-9]"), timeout=ENOUGH)


def test_the_bar_moves_by_itself_and_the_report_follows(admin: Page, tmp_path: Path):
    check(admin, tmp_path)
    frames: list[str] = []
    admin.on("websocket", lambda opened: opened.on("framereceived", lambda frame: frames.append(str(frame))))
    admin.get_by_role("button", name=f"Import {PRODUCTS} products").click()
    expect(admin.locator("#import")).to_contain_text("products created", timeout=ENOUGH)
    expect(admin.locator("#import")).to_contain_text(str(PRODUCTS))
    told = {int(number) for frame in frames for number in re.findall(r'"current": (\d+)', frame)}
    assert len(told) >= 2, frames
    assert any('"finished": true' in frame for frame in frames)


def test_a_job_is_watched_on_a_page_of_its_own_and_stopped(admin: Page, tmp_path: Path):
    begin(admin, tmp_path)
    admin.get_by_role("link", name="Follow it on a page of its own").click()
    expect(admin.get_by_role("heading", name="Import of products")).to_be_visible()
    wait_for_first_step(admin)
    admin.get_by_role("link", name="Cancel").click()
    admin.get_by_role("link", name="Let it go on").click()
    admin.get_by_role("link", name="Cancel").click()
    admin.get_by_role("button", name="Stop it").click()
    expect(admin.get_by_role("status")).to_contain_text("What was done by then stays", timeout=ENOUGH)
    assert 0 < int(admin.locator("[data-job-current]").inner_text()) < PRODUCTS + 1
    expect(admin.get_by_role("link", name="Cancel")).to_be_hidden()
    admin.get_by_role("link", name="What it is about").click()
    expect(admin.locator("#import")).to_contain_text("stopped half-way")


def test_an_export_is_watched_and_downloaded(admin: Page):
    admin.goto("/admin/ecommerce/product/")
    admin.get_by_role("link", name="Export all").click()
    admin.get_by_role("button", name="Write the file").click()
    expect(admin.get_by_role("heading", name="Export of products")).to_be_visible()
    button = admin.get_by_role("link", name=re.compile(r"^Download products-.*\.csv"))
    expect(button).to_be_visible(timeout=ENOUGH)
    with admin.expect_download() as started:
        button.click()
    assert started.value.path().read_text(encoding="utf-8").startswith("Handle,Title,")


def test_a_socket_that_breaks_is_opened_again(admin: Page, tmp_path: Path):
    begin(admin, tmp_path, FEW)
    opened: list[str] = []
    admin.route_web_socket(re.compile("/ws/jobs/"), lambda route: _break_first(route, opened))
    admin.get_by_role("link", name="Follow it on a page of its own").click()
    expect(admin.get_by_role("status")).to_have_text("Done", timeout=ENOUGH)
    assert len(opened) > 1


def _break_first(route: WebSocketRoute, opened: list[str]) -> None:
    opened.append(route.url)
    if len(opened) == 1:
        route.close(code=1001)
    else:
        route.connect_to_server()


def test_without_a_socket_the_page_asks(admin: Page, tmp_path: Path):
    begin(admin, tmp_path, FEW)
    admin.route_web_socket(re.compile("/ws/jobs/"), lambda route: route.close(code=1013))
    admin.get_by_role("link", name="Follow it on a page of its own").click()
    with admin.expect_request(lambda request: request.headers.get("hx-request") == "true"):
        pass
    expect(admin.get_by_role("status")).to_have_text("Done", timeout=ENOUGH)


def test_works_without_javascript(page_without_javascript: Page, shop: Shop, tmp_path: Path):
    page = page_without_javascript
    log_in(page, shop.staff_email, shop.staff_password)
    begin(page, tmp_path)
    page.get_by_role("link", name="Follow it on a page of its own").click()
    wait_for_first_step(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("status")).to_contain_text("What was done by then stays", timeout=ENOUGH)
