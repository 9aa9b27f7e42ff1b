"""The second step of a login: an app that shows codes, and recovery codes for the day on which the phone is lost."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from users.models import CustomUser
from users.tests.factories import PASSWORD
from users.tests.signing_in import code, is_logged_in, log_in, second_factor_for, show_who_you_are

pytestmark = pytest.mark.django_db


def _activate(client, **data):
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'<code class="secret-key">(\w+)</code>', page)[1]
    return client.post(reverse("mfa_activate_totp"), {"code": code(secret), **data})


def _recovery_codes(user: CustomUser) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


# --- Setting up


@pytest.mark.django_db(transaction=True)  # the mail follows the commit
def test_set_up_an_app_and_get_recovery_codes(client, alice, outbox) -> None:
    client.force_login(alice)
    show_who_you_are(client)
    response = _activate(client)

    assert response.url == reverse("mfa_view_recovery_codes")
    page = client.get(response.url).content.decode()
    assert all(recovery_code in page for recovery_code in _recovery_codes(alice))
    assert len(_recovery_codes(alice)) == 10
    [mail] = outbox()
    assert (mail["To"], mail["Subject"]) == (alice.email, "Hearth & Morrow: An authenticator app was set up")
    assert "safety of your account" in mail.get_body(("html",)).get_content()


def test_setting_up_asks_for_the_password_first(client, alice) -> None:
    client.force_login(alice)
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))


def test_a_wrong_code_turns_nothing_on(client, alice) -> None:
    client.force_login(alice)
    show_who_you_are(client)
    response = _activate(client, code="000000")
    assert 'id="id_code_error"' in response.content.decode()
    assert not Authenticator.objects.exists()


def test_qr_code_names_the_shop_and_the_account(client, alice) -> None:
    client.force_login(alice)
    show_who_you_are(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "otpauth://totp/alice%40example.com" in page
    assert "issuer=Hearth%20%26%20Morrow" in page
    assert "data:image/svg+xml;base64," in page


def test_turn_the_app_off(client, alice, outbox) -> None:
    second_factor_for(alice)
    client.force_login(alice)
    show_who_you_are(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists(), "recovery codes without a second step have no use"
    assert "was turned off" in outbox()[-1]["Subject"]


def test_the_address_can_still_be_changed(client, alice) -> None:
    second_factor_for(alice)
    client.force_login(alice)
    show_who_you_are(client)
    client.post(reverse("account_email"), {"action_add": "", "email": "alicia@example.com"})
    assert "alicia@example.com" in client.get(reverse("account_email")).content.decode()


# --- Logging in


def test_password_alone_does_not_log_in(client, alice) -> None:
    second_factor_for(alice)
    response = log_in(client, alice.email)
    assert response.url == reverse("mfa_authenticate")
    assert not is_logged_in(client)
    assert client.get(reverse("users:profile")).status_code == 302


def test_code_of_the_app_logs_in_and_leads_where_one_wanted(client, alice) -> None:
    secret = second_factor_for(alice)
    log_in(client, alice.email, next="/shop/")
    response = client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert response.url == "/shop/"
    assert is_logged_in(client)


def test_a_code_works_once(client, alice) -> None:
    secret = second_factor_for(alice)
    used = code(secret)
    for browser in (client, client.__class__()):
        log_in(browser, alice.email)
        response = browser.post(reverse("mfa_authenticate"), {"code": used})
    assert "This code is not right" in response.content.decode()
    assert not is_logged_in(browser)


def test_the_code_of_half_a_minute_ago_works_and_that_of_a_minute_ago_does_not(client, alice) -> None:
    secret = second_factor_for(alice)
    log_in(client, alice.email)
    response = client.post(reverse("mfa_authenticate"), {"code": code(secret, steps_ago=3)})
    assert response.status_code == 200
    response = client.post(reverse("mfa_authenticate"), {"code": code(secret, steps_ago=1)})
    assert response.status_code == 302


def test_a_recovery_code_logs_in_once(client, alice) -> None:
    second_factor_for(alice)
    recovery_code = _recovery_codes(alice)[0]
    log_in(client, alice.email)
    assert client.post(reverse("mfa_authenticate"), {"code": recovery_code}).status_code == 302
    assert recovery_code not in _recovery_codes(alice)

    elsewhere = client.__class__()
    log_in(elsewhere, alice.email)
    assert elsewhere.post(reverse("mfa_authenticate"), {"code": recovery_code}).status_code == 200


def test_guessing_codes_is_stopped(client, alice, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "3/5m/key"}
    secret = second_factor_for(alice)
    log_in(client, alice.email)
    for _ in range(3):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    response = client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert "Too many failed login attempts" in response.content.decode()
    assert not is_logged_in(client)


def test_a_login_that_has_begun_can_be_given_up(client, alice) -> None:
    second_factor_for(alice)
    log_in(client, alice.email)
    assert client.post(reverse("account_logout"), {"next": reverse("account_login")}).url == reverse("account_login")
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")


def test_resetting_the_password_does_not_pass_the_second_step_by(client, alice, outbox) -> None:
    second_factor_for(alice)
    client.post(reverse("account_reset_password"), {"email": alice.email})
    mail = outbox()[0].get_body(("plain",)).get_content()
    form = client.get(re.search(r"http://testserver(/accounts/\S+)", mail)[1])
    client.post(form.url, {"password1": "another-horse-and-staple", "password2": "another-horse-and-staple"})
    assert not is_logged_in(client)
    assert log_in(client, alice.email, "another-horse-and-staple").url == reverse("mfa_authenticate")


# --- Recovery codes


def test_recovery_codes_are_downloaded_as_text(client, alice) -> None:
    second_factor_for(alice)
    client.force_login(alice)
    show_who_you_are(client)
    response = client.get(reverse("mfa_download_recovery_codes"))
    assert response["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    text = response.content.decode()
    assert "alice@example.com at Hearth & Morrow" in text
    assert all(recovery_code in text for recovery_code in _recovery_codes(alice))


@pytest.mark.parametrize("where", ["mfa_view_recovery_codes", "mfa_download_recovery_codes"])
def test_recovery_codes_are_not_shown_before_one_has_shown_who_one_is(client, alice, where) -> None:
    second_factor_for(alice)
    client.force_login(alice)
    response = client.get(reverse(where))
    assert response.status_code == 302
    assert "reauthenticate" in response.url


@pytest.mark.django_db(transaction=True)  # the mail follows the commit
def test_new_recovery_codes_replace_the_old(client, alice, outbox) -> None:
    second_factor_for(alice)
    old = _recovery_codes(alice)
    client.force_login(alice)
    show_who_you_are(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    assert not set(old) & set(_recovery_codes(alice))
    assert "New recovery codes" in outbox()[-1]["Subject"]


def test_recovery_codes_need_a_second_step(client, alice) -> None:
    client.force_login(alice)
    show_who_you_are(client)
    response = client.post(reverse("mfa_generate_recovery_codes"))
    assert "set up an authenticator app first" in response.content.decode()


def test_reauthenticate_with_a_code(client, alice) -> None:
    secret = second_factor_for(alice)
    client.force_login(alice)
    client.post(reverse("mfa_reauthenticate"), {"code": code(secret)})
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


# --- Pages


@pytest.mark.parametrize(
    "where", ["mfa_index", "mfa_activate_totp", "mfa_generate_recovery_codes", "account_reauthenticate"]
)
def test_pages_without_a_second_step_are_in_the_look_of_the_site(client, alice, where) -> None:
    client.force_login(alice)
    show_who_you_are(client)
    _assert_ours(client.get(reverse(where)))


@pytest.mark.parametrize(
    "where",
    [
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
    ],
)
def test_pages_with_a_second_step_are_in_the_look_of_the_site(client, alice, where) -> None:
    second_factor_for(alice)
    client.force_login(alice)
    show_who_you_are(client)
    _assert_ours(client.get(reverse(where)))


def test_the_page_for_the_code_is_in_the_look_of_the_site(client, alice) -> None:
    second_factor_for(alice)
    log_in(client, alice.email)
    _assert_ours(client.get(reverse("mfa_authenticate")))


def test_the_account_leads_there(client, alice) -> None:
    client.force_login(alice)
    assert reverse("mfa_index") in client.get(reverse("users:profile")).content.decode()


def test_the_admin_does_not_show_the_secret_of_an_app() -> None:
    assert not admin.site.is_registered(Authenticator)


def _assert_ours(response) -> None:
    page = response.content.decode()
    assert response.status_code == 200
    assert '<header class="site-header">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert page.count("<h1") == 1
    assert " style=" not in page, "the security policy forbids inline styles"
    assert "placeholder=" not in page.split("<main")[1].split("</main")[0]
    assert "Two-Factor" not in page, "allauth's own words"
    assert PASSWORD not in page
