"""Buying, from the home page to the invoice in the mail, and what can come between."""

from __future__ import annotations

import re
import secrets
from email.message import EmailMessage

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from tests.e2e.looks import assert_fits_a_phone
from tests.e2e.shop import Shop
from tests.environment import wait_until

from ecommerce.tests.pdf_text import pages_of

PAYMENT_PAGE = re.compile(r"/c/pay/cs_test_")
ORDER_PAGE = re.compile(r"/shop/orders/[\w-]+/[0-9a-f-]{36}/")
MONEY_ARRIVES = 60_000  # milliseconds: the webhook, a job, and the page that looks again by itself


@pytest.fixture
def buyer() -> str:
    return f"buyer-{secrets.token_hex(4)}@example.com"


def put_in_cart(page: Page, slug: str, *, quantity: int = 1) -> None:
    page.goto(f"/shop/products/{slug}/")
    page.get_by_label("Quantity").fill(str(quantity))
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("main").get_by_role("link", name="Check out")).to_be_visible()


def fill_in_address(page: Page, email: str) -> None:
    main = page.locator("main")
    main.get_by_label("E-mail address").fill(email)
    main.get_by_label("Name", exact=True).first.fill("Zoë Łącka")
    main.get_by_label("Street and number").first.fill("Lindenweg 4")
    main.get_by_label("Postal code").first.fill("10115")
    main.get_by_label("Town").first.fill("Berlin")
    main.get_by_label("I accept the").check()


def pay_button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile(r"^Pay "))


def go_to_payment(page: Page, email: str) -> None:
    page.goto("/shop/checkout/")
    fill_in_address(page, email)
    pay_button(page).click()
    expect(page).to_have_url(PAYMENT_PAGE)


def pay(page: Page, card: str = "Succeeds") -> None:
    page.get_by_label(card).first.check()
    pay_button(page).click()


def expect_paid(page: Page) -> str:
    """The order's page says by itself that the money is there. Return the order's number."""
    expect(page).to_have_url(ORDER_PAGE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your order is paid", timeout=MONEY_ARRIVES)
    return order_number(page)


def order_number(page: Page) -> str:
    return re.findall(r"Order (\S+) of", page.locator(".page-head").inner_text())[0]


def pdf_of(mail: EmailMessage) -> bytes:
    [pdf] = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    return bytes(pdf.get_content())


def text_of(pdf: bytes) -> str:
    assert pdf.startswith(b"%PDF")
    return "\n".join(pages_of(pdf))


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name=link).first.click()
    return download.value.path().read_bytes()


def expect_one_order(staff: Page, email: str) -> None:
    staff.goto(f"/admin/ecommerce/order/?q={email}")
    expect(staff.locator("#result_list tbody tr")).to_have_count(1)


def test_a_guest_buys_and_gets_the_invoice(page: Page, shop: Shop, buyer: str):
    page.goto("/")
    page.get_by_role("searchbox").fill("terracotta pot")
    page.get_by_role("searchbox").press("Enter")
    page.locator("#results").get_by_role("link", name="Terracotta pot").first.click()
    page.get_by_role("radio", name="18 cm").check()
    expect(page.locator("#offer")).to_contain_text("€15.00")
    page.get_by_label("Quantity").fill("2")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("#cart-badge")).to_contain_text("2")
    page.get_by_role("link", name="View cart").click()
    expect(page.locator(".cart-line")).to_contain_text("18 cm")
    page.get_by_label("Quantity of").fill("3")
    page.get_by_label("Quantity of").blur()
    expect(page.locator(".cart-line__total")).to_have_text("€45.00")
    page.get_by_role("link", name="Check out").click()
    fill_in_address(page, buyer)
    page.get_by_label("Express").check()
    expect(pay_button(page)).to_have_text("Pay €57.90")
    expect(page.locator("main").get_by_label("Town").first).to_have_value("Berlin")
    pay_button(page).click()
    expect(page).to_have_url(PAYMENT_PAGE)
    expect(page.locator("main")).to_contain_text("57.90")
    pay(page)
    number = expect_paid(page)
    mail = shop.message_to(buyer, subject=number)
    assert "€57.90" in mail.get_body(("plain",)).get_content()
    text = text_of(pdf_of(mail))
    assert number in text
    assert "Zoë Łącka" in text
    page.goto(shop.link_in_mail_to(buyer, subject=number))
    assert number in text_of(downloaded(page, "Invoice"))
    page.goto("/shop/cart/")
    expect(page.locator("main")).to_contain_text("There is nothing in it yet")


def test_a_customer_uses_a_coupon_and_buys_again(page: Page, customer: str):
    put_in_cart(page, "glass-storage-jar", quantity=2)
    page.goto("/shop/cart/")
    page.locator("main").get_by_label("Coupon").fill("welcome10")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("main .totals")).to_contain_text("Coupon WELCOME10−€2.80")
    page.get_by_role("link", name="Check out").click()
    expect(page.locator("main").get_by_label("E-mail address")).to_have_value(customer)
    expect(page.locator("main .totals")).to_contain_text("Coupon WELCOME10−€2.80")
    fill_in_address(page, customer)
    pay_button(page).click()
    expect(page.locator("main")).to_contain_text("Pay 30.10 EUR")  # 28.00 less 2.80, and 4.90 for shipping
    pay(page)
    number = expect_paid(page)
    expect(page.locator(".order-totals")).to_contain_text("Discount (WELCOME10)−€2.80")
    page.goto("/accounts/")
    page.get_by_role("navigation", name="Your account").get_by_role("link", name="Orders").click()
    expect(page.locator(".order-list__item")).to_have_count(1)
    page.get_by_role("link", name=f"Order {number}").click()
    page.get_by_role("button", name="Buy this again").click()
    expect(page.locator(".notice--success")).to_contain_text("In your cart again")
    expect(page.locator(".cart-line")).to_contain_text("Storage jar with oak lid")
    expect(page.get_by_label("Quantity of")).to_have_value("2")


def test_a_declined_card_can_be_followed_by_a_good_one(page: Page, staff: Page, shop: Shop, buyer: str):
    put_in_cart(page, "everyday-mug")
    go_to_payment(page, buyer)
    pay(page, "Is declined")
    expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
    expect(page).to_have_url(PAYMENT_PAGE)
    pay(page, "Has insufficient funds")
    expect(page.get_by_role("alert")).to_have_text("Your card has insufficient funds.")
    pay(page, "Asks for authentication")
    page.get_by_role("button", name="Complete authentication").click()
    number = expect_paid(page)
    assert number in shop.mail_to(buyer, subject=number)
    expect_one_order(staff, buyer)


def heading_now(page: Page) -> str:
    page.reload()
    return page.get_by_role("heading", level=1).inner_text()


def give_back(staff: Page, amount: str) -> None:
    """Confirm what the form of the refund holds, which shows the amount first."""
    staff.get_by_role("button", name="Show the amount").click()
    expect(staff.locator(".order-question")).to_contain_text(f"{amount} goes back")
    staff.get_by_role("button", name=f"Give back {amount}").click()
    expect(staff.locator(".messagelist")).to_contain_text(f"{amount} of order")


def test_staff_give_back_one_line_and_then_the_rest(page: Page, staff: Page, shop: Shop, buyer: str):
    put_in_cart(page, "assam-second-flush", quantity=2)
    put_in_cart(page, "dipped-dinner-candles")
    go_to_payment(page, buyer)
    pay(page)
    number = expect_paid(page)
    staff.goto(f"/admin/ecommerce/order/?q={number}")
    staff.get_by_role("link", name=number).click()
    order = staff.url
    staff.get_by_role("link", name="Refund", exact=True).click()
    staff.get_by_label("Assam").fill("1")
    staff.get_by_label("Reason").fill("One tin arrived open")
    give_back(staff, "€16.50")
    mail = shop.message_to(buyer, subject=f"refund for order {number}")
    assert "€16.50" in mail.get_body(("plain",)).get_content()
    assert number in text_of(pdf_of(mail))
    page.reload()
    expect(page.locator("main")).to_contain_text("€16.50 has been given back to you")
    expect(page.locator(".order-line").first).to_contain_text("1 given back")
    assert "One tin arrived open" in text_of(downloaded(page, "Credit note"))

    staff.goto(order)
    staff.get_by_role("link", name="Refund", exact=True).click()
    staff.get_by_label("Shipping").fill("4.90")
    lines = staff.locator("input[name^=line_]")
    expect(lines).to_have_count(2)
    for field in lines.all():
        field.fill(field.get_attribute("max") or "")
    staff.get_by_role("button", name="Show the amount").click()
    amount = staff.locator(".order-amount").inner_text()
    staff.get_by_role("button", name=f"Give back {amount}").click()
    expect(staff.locator(".messagelist")).to_contain_text(amount)
    wait_until(
        lambda: heading_now(page) == "Your order has been refunded.",
        seconds=60,
        what="the job that gives the rest back",
    )
    expect(page.get_by_role("link", name="Credit note")).to_have_count(2)


def test_buying_needs_no_javascript(page_without_javascript: Page, shop: Shop, buyer: str):
    page = page_without_javascript
    page.goto("/shop/products/terracotta-pot/")
    page.get_by_role("radio", name="24 cm").check()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator(".notice--success")).to_be_visible()
    page.get_by_label("Quantity of").fill("2")
    page.get_by_role("button", name="Update quantities").click()
    expect(page.locator(".cart-line__total")).to_have_text("€48.00")
    page.locator("main").get_by_label("Coupon").fill("nosuchcode")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".notice--error")).to_contain_text("coupon", ignore_case=True)
    page.locator("main").get_by_label("Coupon").fill("FIVER")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("main .totals")).to_contain_text("−€5.00")
    page.get_by_role("link", name="Check out").click()
    fill_in_address(page, buyer)
    page.get_by_label("Pick it up").check()
    page.get_by_role("button", name="Update the total").click()
    expect(pay_button(page)).to_have_text("Pay €43.00")
    pay_button(page).click()
    pay(page)
    number = expect_paid(page)
    assert "€43.00" in shop.mail_to(buyer, subject=number)


def test_who_leaves_the_payment_page_pays_later(page: Page, staff: Page, buyer: str):
    put_in_cart(page, "galvanised-watering-can")
    go_to_payment(page, buyer)
    page.get_by_role("link", name="Back to the shop without paying").click()
    expect(page).to_have_url(ORDER_PAGE)
    expect(page.locator(".notice").first).to_contain_text("Nothing was charged")
    pay_button(page).click()
    expect(page).to_have_url(PAYMENT_PAGE)
    pay(page)
    expect_paid(page)
    expect_one_order(staff, buyer)


def test_double_clicks_and_the_back_button_make_one_order(page: Page, staff: Page, buyer: str):
    put_in_cart(page, "terracotta-pot")
    page.goto("/shop/checkout/")
    fill_in_address(page, buyer)
    pay_button(page).dblclick()
    expect(page).to_have_url(PAYMENT_PAGE)
    page.go_back()
    expect(page).to_have_url(re.compile("/shop/checkout/"))
    page.locator("main").get_by_label("I accept the").check()
    pay_button(page).click()
    expect(page).to_have_url(PAYMENT_PAGE)
    payment_page = page.url
    pay_button(page).dblclick()
    expect_paid(page)
    page.goto(payment_page)
    expect(page.locator("main")).to_contain_text("Already paid")
    expect_one_order(staff, buyer)


def test_what_is_chosen_before_the_scripts_are_there_counts(page: Page):
    asked: list[Route] = []
    page.route("**/htmx*.js", lambda route: asked.append(route))
    page.goto("/shop/products/terracotta-pot/", wait_until="commit")
    page.get_by_role("radio", name="18 cm").check()
    expect(page.locator("#offer")).to_contain_text("€9.50")
    asked[0].continue_()
    expect(page.locator("#offer")).to_contain_text("€15.00")


def test_what_is_typed_while_the_total_is_updated_stays(page: Page, buyer: str):
    put_in_cart(page, "terracotta-pot")
    page.goto("/shop/checkout/")
    asked: list[Route] = []
    page.route("**/shop/checkout/", lambda route: asked.append(route))
    page.get_by_label("Express").check()
    fill_in_address(page, buyer)
    page.locator("main").get_by_label("A note for us").press_sequentially("Ring twice")
    asked[0].continue_()
    expect(pay_button(page)).to_have_text("Pay €22.40")
    expect(page.locator("main").get_by_label("E-mail address")).to_have_value(buyer)
    expect(page.locator("main").get_by_label("Town").first).to_have_value("Berlin")
    expect(page.locator("main").get_by_label("A note for us")).to_have_value("Ring twice")
    expect(page.locator("main").get_by_label("A note for us")).to_be_focused()
    expect(page.locator("main").get_by_label("I accept the")).to_be_checked()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    page.wait_for_load_state()
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"Tab never came to {selector}")


def test_the_keyboard_alone_buys_on_a_phone(phone: Page, buyer: str):
    phone.goto("/")
    tab_to(phone, "input[type=search]")
    phone.keyboard.type("terracotta pot")
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile("/shop/search/"))
    tab_to(phone, "#results a[href*='/products/terracotta-pot/']")
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile("/products/terracotta-pot/"))
    tab_to(phone, "input[name=variant]")
    phone.keyboard.press("ArrowDown")
    expect(phone.locator("#offer")).to_contain_text("€15.00")
    tab_to(phone, "#add-to-cart button")
    phone.keyboard.press("Space")
    expect(phone.get_by_role("link", name="View cart")).to_be_visible()
    tab_to(phone, "#added a[href$='/cart/']")
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile("/shop/cart/"))
    tab_to(phone, "main a[href$='/checkout/']")
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile("/shop/checkout/"))
    typed = {"email": buyer, "ship-name": "Zoë Łącka", "ship-street": "Lindenweg 4", "ship-postal_code": "10115"}
    for name, text in {**typed, "ship-city": "Berlin"}.items():
        tab_to(phone, f"main [name={name}]")
        phone.keyboard.type(text)
    tab_to(phone, "[name=terms]")
    phone.keyboard.press("Space")
    assert_fits_a_phone(phone)
    tab_to(phone, "button[value=pay]")
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(PAYMENT_PAGE)
    assert_fits_a_phone(phone)
    tab_to(phone, "button.pay")
    phone.keyboard.press("Enter")
    expect_paid(phone)
    assert_fits_a_phone(phone)
