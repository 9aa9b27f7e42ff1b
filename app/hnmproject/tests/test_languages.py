"""The shop as somebody sees it who reads German, beside those who read English."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core import languages
from core.services import mails
from core.templatetags.money import money, percent
from core.tests.factories import BlogPostFactory, PageFactory
from ecommerce.services import invoice_pdf, order_export, order_mails
from ecommerce.templatetags.shop import weight
from ecommerce.tests.buying import ShippingMethodFactory, cart_of, place
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.orders import a_paid_order, a_refund, an_order, pay, settle
from ecommerce.tests.pdf_text import pages_of
from tasks.services import jobs, registry
from users.models import CustomUser

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin"}
GERMAN_LIST = "de-AT,de;q=0.9,en;q=0.8"


@pytest.fixture
def german(client):
    """A visitor who has chosen German."""
    client.cookies["language"] = "de"
    return client


def _is_german(response) -> bool:
    assert response.status_code == 200
    said = response["Content-Language"]
    assert f'<html lang="{said}">' in response.text
    return said == "de"


def _choose(client, language: str, *, back: str = "/contact/", headers: dict[str, str] | None = None):
    return client.post(reverse("users:language"), {"language": language, "next": back}, headers=headers or OURS)


# Which language


@pytest.mark.parametrize("path", ["/", "/shop/", "/blog/", "/contact/", "/accounts/login/", "/shop/cart/"])
def test_the_cookie_chooses(german, path):
    response = german.get(path)
    assert _is_german(response)
    assert "Warenkorb" in response.text
    assert "Skip to content" not in response.text


@pytest.mark.parametrize(
    ("header", "is_german"),
    [
        (GERMAN_LIST, True),
        ("fr;q=0.9,de;q=0.5", True),
        ("en-US,en;q=0.9,de;q=0.8", False),
        ("fr,es;q=0.5", False),
        ("*", False),
        ("d" * 900, False),
        ("de;;;q=,x\x00", False),
        ("", False),
    ],
)
def test_without_a_choice_the_browser_says_it(client, header, is_german):
    assert _is_german(client.get("/", headers={"Accept-Language": header})) is is_german


def test_the_choice_wins_over_the_browser(client):
    client.cookies["language"] = "en"
    assert not _is_german(client.get("/", headers={"Accept-Language": GERMAN_LIST}))


@pytest.mark.parametrize("value", ["", "fr", "de-AT", "../../etc/passwd", "x" * 4000, "de; path=/", "<b>"])
def test_a_cookie_that_names_no_language_of_ours_counts_for_nothing(client, value):
    client.cookies["language"] = value
    assert not _is_german(client.get("/"))


def test_the_shop_may_speak_german_to_begin_with(client, settings):
    settings.LANGUAGE_CODE = "de"
    assert _is_german(client.get("/"))
    assert not _is_german(client.get("/", headers={"Accept-Language": "en"}))


def test_error_pages_are_in_it_too(german):
    response = german.get("/nowhere/")
    assert (response.status_code, response["Content-Language"]) == (404, "de")
    assert "Diese Seite haben wir nicht gefunden" in response.text


def test_a_language_that_is_not_offered_any_more_is_not_spoken(german, settings):
    settings.LANGUAGES = [("en", "English")]
    assert not _is_german(german.get("/", headers={"Accept-Language": GERMAN_LIST}))


def test_a_language_without_a_translation_is_refused_at_the_start(settings):
    settings.LANGUAGES = [("en", "English"), ("tlh", "tlh")]
    with pytest.raises(SystemCheckError, match="LANGUAGES names tlh"):
        call_command("check")


# Choosing


def test_the_switch_stands_on_every_page_and_names_the_languages_in_themselves(client):
    for path in ("/", "/shop/?sort=newest", "/nowhere/"):
        text = client.get(path).text
        assert re.search(r'name="language" value="de" lang="de">Deutsch<', text)
        assert re.search(r'name="language" value="en" lang="en" aria-current="true">English<', text)
        assert f'name="next" value="{path.replace("&", "&amp;")}"' in text


def test_there_is_no_switch_where_there_is_one_language(client, settings):
    settings.LANGUAGES = [("en", "English")]
    assert 'name="language"' not in client.get("/").text


def test_choosing_is_remembered_and_leads_back(client):
    response = _choose(client, "de", back="/shop/?sort=newest")
    assert (response.status_code, response["Location"]) == (302, "/shop/?sort=newest")
    cookie = response.cookies["language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("de", True, "Lax")
    assert _is_german(client.get("/"))


def test_choosing_needs_no_token_but_comes_from_our_pages_only(client):
    response = _choose(client, "de", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "language" not in response.cookies


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_choosing_leads_to_no_other_site(client, back):
    assert _choose(client, "de", back=back)["Location"] == "/"


@pytest.mark.parametrize("language", ["", "fr", "de-AT", "x" * 500])
def test_choosing_what_we_do_not_speak_changes_nothing(client, alice, language):
    client.force_login(alice)
    response = _choose(client, language)
    assert response.status_code == 302
    assert "language" not in response.cookies
    alice.refresh_from_db()
    assert alice.language == ""


def test_choosing_by_a_link_is_not_possible(client):
    assert client.get(reverse("users:language")).status_code == 405


def test_who_is_logged_in_is_spoken_to_in_that_language_everywhere(client, alice):
    client.force_login(alice)
    _choose(client, "de")
    alice.refresh_from_db()
    assert alice.language == "de"
    client.cookies["language"] = "en"  # as in another browser
    assert _is_german(client.get("/accounts/"))


def test_the_profile_has_it(client, alice):
    client.force_login(alice)
    client.post(reverse("users:profile"), {"first_name": "Alice", "last_name": "", "language": "de", "time_zone": ""})
    assert _is_german(client.get(reverse("users:profile")))


def test_the_profile_refuses_a_language_that_there_is_not(client, alice):
    client.force_login(alice)
    response = client.post(reverse("users:profile"), {"first_name": "A", "language": "fr", "time_zone": ""})
    assert response.context["form"].errors.keys() == {"language"}


def test_the_admin_speaks_the_language_of_who_works_in_it(client, bob):
    CustomUser.objects.filter(pk=bob.pk).update(language="de")
    client.force_login(bob)
    assert "Produkte" in client.get(reverse("admin:index")).text


# Pages that nginx keeps


def test_a_german_page_may_be_kept_like_any_other(german):
    response = german.get("/", headers={"Accept-Language": "de"})  # as nginx asks for it
    assert "X-Accel-Expires" in response
    assert not response.cookies
    assert {name.strip() for name in response["Vary"].split(",")} >= {"Accept-Language", "Cookie"}


def test_a_page_is_not_kept_under_another_language_than_its_own(german):
    """As where two cookies contradict each other, of which nginx takes the first and Django the last."""
    response = german.get("/", headers={"Accept-Language": "en"})
    assert _is_german(response)
    assert "X-Accel-Expires" not in response


def test_parts_that_everybody_shares_are_shared_by_language(client, alice):
    ProductFactory.create()
    client.force_login(alice)
    for language, word in (("en", "Sort by"), ("de", "Sortieren nach"), ("en", "Sort by")):
        _choose(client, language)
        assert word in client.get("/shop/").text


def test_the_feed_stays_in_the_language_of_its_posts(german):
    BlogPostFactory.create()
    feed = german.get("/blog/feed.rss").text
    assert "New posts of" in feed
    assert "<language>en</language>" in feed


@pytest.mark.parametrize("path", ["/", "/shop/", "/blog/", "/contact/"])
def test_german_costs_no_query_more(client, path):
    PageFactory.create()
    client.get(path)  # fills the caches
    with CaptureQueriesContext(connection) as english:
        client.get(path)
    client.cookies["language"] = "de"
    client.get(path)
    with CaptureQueriesContext(connection) as german:
        client.get(path)
    assert len(german) == len(english)


# Money, numbers and dates


@pytest.mark.parametrize(
    ("language", "euros", "francs", "yen", "negative"),
    [
        ("en", "€1,234.50", "1,234.50\xa0CHF", "2,400\xa0JPY", "−€5.00"),
        ("de", "1.234,50\xa0€", "1.234,50\xa0CHF", "2.400\xa0JPY", "−5,00\xa0€"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(language, euros, francs, yen, negative):
    with translation.override(language):
        amount = Decimal("1234.5")
        assert (money(amount, "EUR"), money(amount, "CHF"), money(2400, "JPY")) == (euros, francs, yen)
        assert money(-5, "EUR") == negative


def test_other_numbers_too():
    with translation.override("de"):
        assert (percent(Decimal("5.50")), percent(Decimal("20.00"))) == ("5,5\xa0%", "20\xa0%")
        assert (weight(1200), weight(450)) == ("1,2\xa0kg", "450\xa0g")


def test_a_product_costs_the_same_in_every_language(german):
    product = ProductFactory.create(price="1234.50")
    text = german.get(product.get_absolute_url()).text
    assert "1.234,50\xa0€" in text
    assert '<meta property="product:price:amount" content="1234.50">' in text
    [data] = [
        json.loads(found) for found in re.findall(r'"application/ld\+json">(.*?)</script>', text) if "Offer" in found
    ]
    assert data["offers"]["price"] == "1234.50"


def test_inputs_hold_numbers_as_programs_write_them(german):
    ProductFactory.create()
    text = german.get("/shop/?price_min=1.50&price_max=2000").text
    assert re.search(r'name="price_min" value="1\.50?"', text)
    assert 'value="2000"' in text


def test_files_for_programs_know_no_language():
    order = a_paid_order()
    with translation.override("de"):
        german = "".join(order_export.pieces())
    assert "".join(order_export.pieces()) == german
    assert f"{order.total}" in german


def test_dates_are_written_as_the_reader_writes_them(german):
    post = BlogPostFactory.create(activate_date="2026-05-03T10:00Z")
    assert "3. Mai 2026" in german.get(post.get_absolute_url()).text
    german.cookies["language"] = "en"
    assert "3 May 2026" in german.get(post.get_absolute_url()).text


# Orders, mails and jobs


def test_an_order_remembers_the_language_of_its_checkout():
    method = ShippingMethodFactory.create()
    cart = cart_of(ProductFactory.create().variants.get())
    with translation.override("de"):
        assert place(cart, method).language == "de"


def _german_order():
    return an_order(language="de")


def test_mails_about_an_order_are_in_its_language_whoever_causes_them(outbox):
    pay(_german_order())
    [mail] = [mail for mail in outbox() if "Bestellung" in mail["Subject"]]
    html = mail.get_body(("html",)).get_content()
    assert '<html lang="de">' in html
    assert "\xa0€" in html
    assert "Deutschland" in html
    assert "Bestellung" in mail.get_body(("plain",)).get_content()


def test_staff_get_their_mails_in_the_language_of_the_shop(outbox, settings):
    with translation.override("de"):
        order_mails.needs_attention(order=_german_order(), occasion=1)
    [mail] = [mail for mail in outbox() if mail["To"] == settings.SUPPORT_EMAIL]
    assert '<html lang="en">' in mail.get_body(("html",)).get_content()


def test_an_invoice_is_in_the_language_of_its_order_and_stays_so():
    invoice = pay(_german_order()).invoices.get()
    assert invoice.content["language"] == "de"
    drawn = invoice_pdf.render(invoice)
    with translation.override("de"):
        assert invoice_pdf.render(invoice) == drawn
    text = _text(drawn)
    assert "Rechnung" in text
    assert "Invoice" not in text
    assert "€" in text


def _text(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


def test_a_credit_note_too():
    order = pay(_german_order())
    note = settle(a_refund(order, amount="5.00")).credit_note
    assert note.content["language"] == "de"
    assert "Rechnung" in note.content["notes"][0]


def test_an_invoice_of_before_is_drawn_in_the_language_of_the_shop():
    invoice = a_paid_order().invoices.get()
    invoice.content = {name: value for name, value in invoice.content.items() if name != "language"}
    with translation.override("de"):
        assert "Invoice" in _text(invoice_pdf.render(invoice))


def test_mails_about_an_account_are_in_its_language(client, outbox):
    data = {"email": "hilde@example.com", "password1": "ein-langes-Wort-7", "password2": "ein-langes-Wort-7"}
    client.cookies["language"] = "de"
    client.post(reverse("account_signup"), data)
    assert CustomUser.objects.get().language == "de"
    client.cookies["language"] = "en"
    client.post(reverse("account_reset_password"), {"email": "hilde@example.com"})
    welcome, reset = outbox()
    assert "bestätigen" in welcome["Subject"]
    assert "Passwort" in reset["Subject"]


def test_a_mail_is_in_the_language_that_it_is_asked_for_in():
    context = {"unsubscribe_url": "https://x.example/"}
    with translation.override("de"):
        to_reader = mails.compose(template="core/mail/newsletter_welcome", to="a@example.com", context=context)
        to_staff = mails.compose(
            template="core/mail/newsletter_welcome", to="a@example.com", context=context, language=""
        )
    assert to_reader.subject.startswith("Willkommen")
    assert to_staff.subject.startswith("Welcome")


def test_a_job_runs_in_the_language_that_it_was_asked_for_in(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds), raising=False)
    seen = []

    @jobs.handler("tests.which_language")
    def which(job: jobs.RunningJob) -> None:
        seen.append(languages.current())

    with translation.override("de"):
        jobs.enqueue("tests.which_language")
    jobs.enqueue("tests.which_language")
    jobs.run_due()
    assert seen == ["de", "en"]
