"""With STAFF_REQUIRE_MFA on, what is for staff opens only to who has a second factor."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.models import BlogPost
from core.tests.factories import BlogPostFactory
from users.models import CustomUser
from users.tests.factories import PASSWORD
from users.tests.signing_in import code, log_in, second_factor_for, show_who_you_are

pytestmark = pytest.mark.django_db
NEEDED = "/accounts/security/needed/"


@pytest.fixture(autouse=True)
def _required(settings) -> None:
    settings.STAFF_REQUIRE_MFA = True


# --- Who is led there


@pytest.mark.parametrize("person", ["bob", "root"])
@pytest.mark.parametrize("path", ["/admin/", "/admin/ecommerce/product/?q=mug", "/admin/ecommerce/order/"])
def test_staff_without_one_are_led_to_set_one_up(client, request, person, path) -> None:
    client.force_login(request.getfixturevalue(person))
    response = client.get(path, follow=True)
    assert response.wsgi_request.path == NEEDED
    assert "One thing first" in response.content.decode()
    assert client.session["wanted_staff_page"] == path


def test_then_they_come_where_they_were_going(client, bob) -> None:
    log_in(client, bob.email)
    client.get("/admin/ecommerce/product/?q=mug", follow=True)
    show_who_you_are(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'<code class="secret-key">(\w+)</code>', page)[1]
    codes = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
    assert f'href="{NEEDED}"' in codes.content.decode(), "the recovery codes are shown first"

    response = client.get(NEEDED, follow=True)
    assert response.status_code == 200
    assert response.wsgi_request.get_full_path() == "/admin/ecommerce/product/?q=mug"
    assert "wanted_staff_page" not in client.session


def test_who_has_one_logs_in_with_it_and_passes(client, bob) -> None:
    secret = second_factor_for(bob)
    log_in(client, bob.email, next="/admin/")
    assert client.post(reverse("mfa_authenticate"), {"code": code(secret)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, bob) -> None:
    second_factor_for(bob)
    Authenticator.objects.filter(type="totp").delete()
    client.force_login(bob)
    assert client.get("/admin/").status_code == 302


def test_superuser_made_by_command_is_led_there_too(client) -> None:
    CustomUser.objects.create_superuser("chief@example.com", PASSWORD)
    log_in(client, "chief@example.com")
    assert client.get("/admin/", follow=True).wsgi_request.path == NEEDED
    show_who_you_are(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200, "nothing stands in the way"


def test_nothing_is_changed_in_the_admin_without_one(client, root, alice) -> None:
    client.force_login(root)
    client.post(f"/admin/users/customuser/{alice.pk}/delete/", {"post": "yes"})
    assert CustomUser.objects.filter(pk=alice.pk).exists()


def test_the_account_itself_stays_open(client, bob) -> None:
    client.force_login(bob)
    assert client.get(reverse("users:profile")).status_code == 200


def test_customers_are_asked_for_nothing(client, alice) -> None:
    client.force_login(alice)
    assert client.get(reverse("users:profile")).status_code == 200
    assert client.get(NEEDED).status_code == 403
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", ""])
def test_leads_only_into_our_own_host(client, bob, wanted) -> None:
    second_factor_for(bob)
    client.force_login(bob)
    assert client.get(NEEDED, {"next": wanted}).url == reverse("admin:index")


# --- Other pages for staff


def test_flower_leads_there_and_back(client, root) -> None:
    client.force_login(root)
    assert client.get("/tasks/may-watch/").status_code == 403
    refused = client.get("/tasks/may-watch/refused/", headers={"X-Original-URI": "/flower/tasks?limit=5"})
    assert refused.url == f"{NEEDED}?next=/flower/tasks%3Flimit%3D5"
    second_factor_for(root)
    assert client.get("/tasks/may-watch/").status_code == 204


def test_who_may_not_watch_flower_is_not_sent_in_circles(client, bob) -> None:
    second_factor_for(bob)
    client.force_login(bob)
    assert client.get("/tasks/may-watch/refused/").status_code == 403


def test_previews_need_it(client, erin) -> None:
    post = BlogPostFactory.create(status=BlogPost.INACTIVE_STATUS)
    client.force_login(erin)
    assert client.get(f"{post.get_absolute_url()}?preview").status_code == 404
    second_factor_for(erin)
    assert client.get(f"{post.get_absolute_url()}?preview").status_code == 200


def test_jobs_of_others_need_it(client, bob) -> None:
    from tasks import access
    from tasks.models import Job

    job = Job.objects.create(kind="core.nothing", queue="default")
    bob.user_permissions.add(Permission.objects.get(codename="view_job"))
    assert not access.may_see(user=CustomUser.objects.get(pk=bob.pk), job=job)
    second_factor_for(bob)
    assert access.may_see(user=CustomUser.objects.get(pk=bob.pk), job=job)


# --- The setting


@pytest.mark.parametrize(("debug", "own", "expected"), [("off", "", "True"), ("on", "", "False"), ("on", "on", "True")])
def test_is_on_unless_debug_or_oneself_says_otherwise(settings, debug, own, expected) -> None:
    environment = {**os.environ, "DEBUG": debug, "DJANGO_SETTINGS_MODULE": "hnmproject.settings"}
    environment.pop("STAFF_REQUIRE_MFA")
    if own:
        environment["STAFF_REQUIRE_MFA"] = own
    ask = "from django.conf import settings; print(settings.STAFF_REQUIRE_MFA)"
    answer = subprocess.run(
        [sys.executable, "-c", ask], cwd=settings.APP_DIR, env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == expected


# --- The way back in


def test_an_operator_takes_the_second_factors_away(client, bob, outbox, capsys) -> None:
    second_factor_for(bob)
    call_command("reset_mfa", "BOB@example.com")
    assert "bob@example.com logs in without a second factor now" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    assert log_in(client, bob.email).url == reverse("users:profile")
    [mail] = outbox()
    assert (mail["To"], mail["Subject"]) == (bob.email, "Hearth & Morrow: Your second login step was removed")
    for kind in ("plain", "html"):
        assert "http://testserver/accounts/security/" in mail.get_body((kind,)).get_content()


def test_without_second_factors_nothing_happens(bob, outbox, capsys) -> None:
    call_command("reset_mfa", bob.email)
    assert "nothing was changed" in capsys.readouterr().out
    assert outbox() == []


def test_names_an_address_without_an_account(db) -> None:
    with pytest.raises(CommandError, match=r"no account with the address nobody@example\.com"):
        call_command("reset_mfa", "nobody@example.com")
