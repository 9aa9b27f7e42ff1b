"""Accounts as people use them: by forms, and by the links in the mails."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import IntegrityError
from django.urls import reverse

from users.models import CustomUser
from users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another-horse-and-staple"


def _sign_up(client, email, password=PASSWORD):
    data = {"email": email, "password1": password, "password2": password}
    return client.post(reverse("account_signup"), data)


def _log_in(client, email, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password, **extra})


def _is_logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def _text(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def _html(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


def _link(mail: EmailMessage) -> str:
    """The path of the first link with a key in it."""
    return re.search(r"http://testserver(/accounts/\S+)", _text(mail)).group(1)


def _change_email(client, email):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client.post(reverse("account_email"), {"action_add": "", "email": email})


# --- Signing up


def test_sign_up_confirm_and_log_in(client, outbox) -> None:
    response = _sign_up(client, "New@Example.com")
    assert response.url == reverse("account_email_verification_sent")
    assert not _is_logged_in(client)

    [mail] = outbox()
    assert mail["To"] == "new@example.com"
    assert mail["Subject"] == "Hearth & Morrow: Please confirm your e-mail address"
    assert _link(mail) in _html(mail)

    page = client.get(_link(mail))
    assert "new@example.com" in page.content.decode()
    assert not EmailAddress.objects.get().verified, "reading the page is not enough: mail programs open links"

    response = client.post(_link(mail))
    assert response.url == reverse("users:profile")
    assert _is_logged_in(client)
    assert EmailAddress.objects.get().verified


def test_confirming_in_another_browser_does_not_log_in_there(client, outbox) -> None:
    _sign_up(client, "new@example.com")
    client.cookies.clear()
    response = client.post(_link(outbox()[0]))
    assert response.url == reverse("account_login")
    assert not _is_logged_in(client)
    assert _log_in(client, "new@example.com").url == reverse("users:profile")


def test_confirmation_link_works_once(client, outbox) -> None:
    _sign_up(client, "new@example.com")
    link = _link(outbox()[0])
    client.post(link)
    assert "This link no longer works" in client.get(link).content.decode()


def test_refuses_login_before_the_address_is_confirmed(client, outbox) -> None:
    UserFactory.create(email="slow@example.com", verified=False)
    response = _log_in(client, "slow@example.com")
    assert response.url == reverse("account_email_verification_sent")
    assert not _is_logged_in(client)
    assert [mail["To"] for mail in outbox()] == ["slow@example.com"]


@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@Example.com"])
def test_sign_up_with_a_taken_address_answers_as_with_a_new_one(client, alice, outbox, email) -> None:
    new = _sign_up(client, "nobody@example.com")
    client.cookies.clear()
    taken = _sign_up(client, email)

    assert (taken.status_code, taken.url) == (new.status_code, new.url)
    assert CustomUser.objects.filter(email__iexact=email).count() == 1
    mail = outbox()[-1]
    assert mail["To"] == "alice@example.com"
    assert "You have an account already" in mail["Subject"]
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD), "the password typed at sign-up is not taken"


def test_shows_errors_at_their_field(client) -> None:
    page = client.post(
        reverse("account_signup"), {"email": "x", "password1": "12345", "password2": "1"}
    ).content.decode()
    assert 'id="id_email_error"' in page
    assert 'id="id_password1_error"' in page
    assert re.search(r'<input[^>]*name="email"[^>]*aria-describedby="id_email_error"', page)


def test_two_cases_of_an_address_cannot_be_two_accounts(alice) -> None:
    shouting = CustomUser(email="ALICE@example.com")
    with pytest.raises(IntegrityError):
        shouting.save()


# --- Logging in and out


def test_log_in_ignores_case(client, alice) -> None:
    assert _log_in(client, "ALICE@EXAMPLE.COM").url == reverse("users:profile")


def test_wrong_password_and_unknown_address_get_the_same_answer(client, alice) -> None:
    message = "The email address and/or password you specified are not correct."
    for email in ("alice@example.com", "nobody@example.com"):
        response = _log_in(client, email, "wrong")
        assert response.status_code == 200
        assert message in response.content.decode()


def test_remembers_only_who_asks_for_it(client, alice) -> None:
    _log_in(client, alice.email)
    assert client.session.get_expire_at_browser_close()
    client.logout()
    _log_in(client, alice.email, remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_account_that_is_switched_off_cannot_log_in(client, alice) -> None:
    CustomUser.objects.update(is_active=False)
    response = _log_in(client, alice.email)
    assert response.url == reverse("account_inactive")
    assert "switched off" in client.get(response.url).content.decode()
    assert not _is_logged_in(client)


def test_log_out_asks_first(client, alice) -> None:
    client.force_login(alice)
    assert "Log out?" in client.get(reverse("account_logout")).content.decode()
    assert _is_logged_in(client)
    assert client.post(reverse("account_logout")).url == reverse("home")
    assert not _is_logged_in(client)


def test_visitor_who_is_logged_in_is_sent_on_from_the_login_page(client, alice) -> None:
    client.force_login(alice)
    assert client.get(reverse("account_login")).url == reverse("users:profile")
    assert client.get(reverse("account_signup")).url == reverse("users:profile")


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/shop/", "/shop/"),
        ("https://evil.example/", "/accounts/"),
        ("//evil.example/", "/accounts/"),
        ("https://localhost/", "/accounts/"),  # a host we serve too, but another one
        ("javascript:alert(1)", "/accounts/"),
    ],
)
def test_login_leads_on_to_our_own_host_only(client, alice, wanted, reached) -> None:
    assert _log_in(client, alice.email, next=wanted).url == reached


def test_attempts_to_log_in_are_limited(client, alice) -> None:
    for _ in range(5):
        _log_in(client, alice.email, "wrong")
    response = _log_in(client, alice.email)
    assert "Too many failed login attempts" in response.content.decode()
    assert not _is_logged_in(client)
    cache.clear()
    assert _log_in(client, alice.email).status_code == 302


def test_too_many_requests_get_the_page_of_the_site(client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "1/m/ip"}
    _sign_up(client, "one@example.com")
    client.cookies.clear()
    response = _sign_up(client, "two@example.com")
    assert response.status_code == 429
    assert "Hearth &amp; Morrow" in response.content.decode()
    assert not CustomUser.objects.filter(email="two@example.com").exists()


# --- Passwords


def test_reset_the_password_by_mail(client, alice, outbox) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "Alice@example.com"})
    assert response.url == reverse("account_reset_password_done")
    [mail] = outbox()
    assert (mail["To"], mail["Subject"]) == ("alice@example.com", "Hearth & Morrow: Choose a new password")

    form = client.get(_link(mail))
    assert form.status_code == 302, "the key leaves the address bar"
    response = client.post(form.url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert response.url == reverse("account_reset_password_from_key_done")

    assert _log_in(client, alice.email).status_code == 200, "the old password is of no use"
    assert _log_in(client, alice.email, NEW_PASSWORD).url == reverse("users:profile")
    assert "changed" in outbox()[-1]["Subject"]


def test_reset_link_works_once(client, alice, outbox) -> None:
    client.post(reverse("account_reset_password"), {"email": alice.email})
    link = _link(outbox()[0])
    form = client.get(link)
    client.post(form.url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert "This link no longer works" in client.get(link).content.decode()


def test_reset_for_an_unknown_address_answers_as_for_a_known_one(client, alice, outbox) -> None:
    known = client.post(reverse("account_reset_password"), {"email": alice.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert "There is no account" in outbox()[-1]["Subject"]


def test_mails_to_one_address_are_limited(client, alice, outbox) -> None:
    answers = [client.post(reverse("account_reset_password"), {"email": alice.email}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert len(outbox()) == 5


def test_changing_the_password_ends_the_sessions_elsewhere(client, alice, outbox) -> None:
    elsewhere = client.__class__()
    for browser in (client, elsewhere):
        browser.force_login(alice)
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = client.post(reverse("account_change_password"), data)

    assert response.url == reverse("users:profile")
    assert client.get(reverse("users:profile")).status_code == 200
    assert elsewhere.get(reverse("users:profile")).status_code == 302
    [mail] = outbox()
    assert "Your password was changed" in mail["Subject"]
    assert "127.0.0.1" in _text(mail)


def test_changing_the_password_needs_the_old_one(client, alice) -> None:
    client.force_login(alice)
    data = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert 'id="id_oldpassword_error"' in client.post(reverse("account_change_password"), data).content.decode()
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


# --- The address


def test_change_the_address(client, alice, outbox) -> None:
    client.force_login(alice)
    _change_email(client, "Alicia@Example.com")
    alice.refresh_from_db()
    assert alice.email == "alice@example.com", "the old one stays until the new one is confirmed"
    assert "alicia@example.com" in client.get(reverse("account_email")).content.decode()

    client.post(_link(outbox()[0]))

    alice.refresh_from_db()
    assert alice.email == "alicia@example.com"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("alicia@example.com", True, True)
    ]
    told = outbox()[-1]
    assert (told["To"], "alicia@example.com" in _text(told)) == ("alice@example.com", True)


def test_changing_the_address_asks_for_the_password_first(client, alice) -> None:
    client.force_login(alice)
    response = client.post(reverse("account_email"), {"action_add": "", "email": "alicia@example.com"})
    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="alicia@example.com").exists()


@pytest.mark.parametrize("verified", [True, False])
def test_address_of_another_account_cannot_be_taken(client, alice, outbox, verified) -> None:
    UserFactory.create(email="taken@example.com", verified=verified)
    client.force_login(alice)
    response = _change_email(client, "taken@example.com")
    assert response.status_code == 302, "as for any other address: the form does not tell who has an account"

    response = client.post(_link(outbox()[0]), follow=True)

    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert "belongs to another account" in response.content.decode()


# --- The profile


def test_profile_needs_login(client) -> None:
    assert client.get("/accounts/").url == "/accounts/login/?next=/accounts/"


def test_change_the_name(client, alice) -> None:
    client.force_login(alice)
    response = client.post(reverse("users:profile"), {"first_name": "Alicia", "last_name": "Marlow"}, follow=True)
    alice.refresh_from_db()
    assert alice.get_full_name() == "Alicia Marlow"
    assert "Your changes have been saved." in response.content.decode()


def test_profile_changes_nothing_but_the_name(client, alice) -> None:
    client.force_login(alice)
    client.post(reverse("users:profile"), {"first_name": "A", "email": "evil@example.com", "is_staff": "on"})
    alice.refresh_from_db()
    assert (alice.email, alice.is_staff) == ("alice@example.com", False)


def test_name_too_long_is_refused_at_its_field(client, alice) -> None:
    client.force_login(alice)
    page = client.post(reverse("users:profile"), {"first_name": "x" * 151}).content.decode()
    assert 'id="id_first_name_error"' in page


# --- Every page


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "signup/",
        "inactive/",
        "confirm-email/",
        "confirm-email/nonsense/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-nonsense/",
        "password/reset/key/done/",
        "login/?next=/shop/",
    ],
)
def test_page_for_visitors_is_in_the_look_of_the_site(client, path) -> None:
    _assert_in_the_look_of_the_site(client.get(f"/accounts/{path}"))


@pytest.mark.parametrize("path", ["", "email/", "password/change/", "reauthenticate/", "logout/"])
def test_page_for_account_holders_is_in_the_look_of_the_site(client, alice, path) -> None:
    client.force_login(alice)
    _assert_in_the_look_of_the_site(client.get(f"/accounts/{path}"))


def test_page_to_set_a_first_password(client, alice) -> None:
    alice.set_unusable_password()
    alice.save()
    client.force_login(alice)
    _assert_in_the_look_of_the_site(client.get("/accounts/password/set/"))
    client.post("/accounts/password/set/", {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)


def _assert_in_the_look_of_the_site(response) -> None:
    page = response.content.decode()
    assert response.status_code == 200
    assert '<header class="site-header">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert page.count("<h1") == 1
    assert " style=" not in page, "the security policy forbids inline styles"
    assert "Sign In" not in page, "allauth's own words"


def test_every_mail_has_both_bodies_and_one_line_of_subject(client, alice, outbox) -> None:
    _sign_up(client, "new@example.com")
    client.post(reverse("account_reset_password"), {"email": alice.email})
    client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    for mail in outbox():
        assert mail["Subject"].startswith("Hearth & Morrow: ")
        assert "http://testserver" in _text(mail)
        assert "<html" in _html(mail)
        assert "&amp;" not in _text(mail)


# --- Superusers


def test_superuser_made_by_command_can_log_in_at_once(client) -> None:
    CustomUser.objects.create_superuser("Chief@example.com", PASSWORD)
    assert _log_in(client, "chief@example.com").url == reverse("users:profile")
