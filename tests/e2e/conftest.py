"""A browser, and a shop to visit. Every page that a test opens is watched for what no page may do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page
from tests.e2e.shop import EmbeddedShop, Shop, shop_at


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
    """No page logs an error, breaks its content security policy, misses a file, or asks another host for anything."""
    if "page" not in request.fixturenames:
        yield
        return
    page: Page = request.getfixturevalue("page")
    host = urlsplit(request.getfixturevalue("base_url")).netloc
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda sent: faults.append(f"asked {sent.url}") if _is_foreign(sent.url, host) else None)
    yield
    expected = request.node.get_closest_marker("expects_faults")
    assert expected or not faults, faults


def _is_fault(message: ConsoleMessage) -> bool:
    # A container engine that makes a network meanwhile is not the page's doing.
    return message.type == "error" and "ERR_NETWORK_CHANGED" not in message.text


def _is_foreign(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host


@pytest.fixture
def phone(browser: Any, base_url: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base_url, viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def page_without_javascript(browser: Any, base_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    yield context.new_page()
    context.close()
