"""Passkeys, as far as no browser is needed: tests/e2e/test_signing_in.py uses real ones."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from users.tests.signing_in import is_logged_in, log_in, second_factor_for, show_who_you_are

pytestmark = pytest.mark.django_db
LOGIN, ADD, LIST = reverse("mfa_login_webauthn"), reverse("mfa_add_webauthn"), reverse("mfa_list_webauthn")
NONSENSE = [
    "",
    "nonsense",
    "[]",
    "1",
    "{}",
    '{"id": "x"}',
    json.dumps({"id": "QQ", "rawId": "QQ", "type": "public-key", "response": {}}),
    json.dumps({"id": "QQ", "rawId": "QQ", "type": "public-key", "response": {"userHandle": "MQ"}}),
    json.dumps(
        {
            "id": "QQ",
            "rawId": "QQ",
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "QQ",
                "signature": "QQ",
                "userHandle": "QQ",
                "attestationObject": "QQ",
            },
        }
    ),
]


def _passkey(user, name: str = "My phone") -> Authenticator:
    credential = {"clientExtensionResults": {"credProps": {"rk": True}}}
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": credential})


@pytest.fixture
def owner(client, alice):
    client.force_login(alice)
    show_who_you_are(client)
    return alice


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_does_not_log_in(client, alice, credential) -> None:
    client.get(LOGIN, headers={"accept": "application/json"})
    response = client.post(LOGIN, {"credential": credential})
    assert response.url == reverse("account_login")
    assert not is_logged_in(client)


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_is_no_passkey(client, owner, credential) -> None:
    client.get(ADD)
    response = client.post(ADD, {"name": "My phone", "credential": credential})
    assert response.status_code == 200
    assert 'class="notice notice--error"' in response.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_is_no_second_step(client, alice, credential) -> None:
    second_factor_for(alice)
    log_in(client, alice.email)
    client.get(reverse("mfa_authenticate"))
    assert client.post(reverse("mfa_authenticate"), {"credential": credential}).status_code == 200
    assert not is_logged_in(client)


def test_adding_asks_for_the_password_first(client, alice) -> None:
    client.force_login(alice)
    assert client.get(ADD).url.startswith(reverse("account_reauthenticate"))


def test_rename(client, owner) -> None:
    passkey = _passkey(owner)
    client.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": "Old phone"})
    passkey.refresh_from_db()
    assert str(passkey) == "Old phone"


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_refuses_no_name_and_a_long_one(client, owner, name) -> None:
    passkey = _passkey(owner)
    page = client.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": name}).content.decode()
    assert 'id="id_name_error"' in page
    passkey.refresh_from_db()
    assert str(passkey) == "My phone"


def test_remove(client, owner, outbox) -> None:
    passkey = _passkey(owner)
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert not Authenticator.objects.exists()
    assert "A passkey was removed" in outbox()[-1]["Subject"]


@pytest.mark.parametrize("where", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_the_passkey_of_somebody_else_is_not_found(client, owner, charlie, where) -> None:
    theirs = _passkey(charlie)
    assert client.get(reverse(where, args=[theirs.pk])).status_code == 404
    assert client.post(reverse(where, args=[theirs.pk]), {"name": "mine"}).status_code == 404
    theirs.refresh_from_db()
    assert str(theirs) == "My phone"


def test_a_passkey_is_a_second_factor_for_staff(client, bob, settings) -> None:
    settings.STAFF_REQUIRE_MFA = True
    _passkey(bob)
    client.force_login(bob)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("where", ["index", "list", "add", "edit", "remove", "login"])
def test_pages_are_in_the_look_of_the_site_and_run_no_inline_script(client, owner, where) -> None:
    passkey = None if where == "add" else _passkey(owner)
    if where == "login":
        client.logout()
    path = {
        "index": reverse("mfa_index"),
        "list": LIST,
        "add": ADD,
        "edit": reverse("mfa_edit_webauthn", args=[passkey.pk if passkey else 0]),
        "remove": reverse("mfa_remove_webauthn", args=[passkey.pk if passkey else 0]),
        "login": reverse("account_login"),
    }[where]
    html = client.get(path).content.decode()
    assert '<header class="site-header">' in html
    assert html.count("<h1") == 1
    assert " style=" not in html
    assert "ecurity key" not in html.replace("An old security key", "").replace("a security key", ""), "allauth's words"
    for script in html.split("<script")[1:]:
        tag = script.split(">")[0]
        assert " src=" in tag or "application/json" in tag or "ld+json" in tag


def test_the_passkey_is_for_this_host_and_bears_the_name_of_the_shop(client, owner) -> None:
    entity = client.get(ADD).context["js_data"]["creation_options"]["publicKey"]["rp"]
    assert (entity["id"], entity["name"]) == ("testserver", "Hearth & Morrow")
