"""Nobody but superusers says who may what: not by a permission of Django's, not by a form that is sent by hand."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from users.models import CustomUser

pytestmark = pytest.mark.django_db
FORM = {"email": "changed@example.com", "is_active": "on", "first_name": "Changed"}
RIGHTS = {"is_staff": "on", "is_superuser": "on"}


@pytest.fixture
def clerk(client, dave):
    """Dave, whose group was given everything that Django knows of accounts and groups; logged in."""
    apps = ("users", "auth", "account", "admin")
    dave.groups.get().permissions.add(*Permission.objects.filter(content_type__app_label__in=apps))
    client.force_login(dave)
    return dave


def _change(user) -> str:
    return reverse("admin:users_customuser_change", args=[user.pk])


def test_a_clerk_edits_a_customer(client, clerk, alice):
    client.post(_change(alice), FORM)
    alice.refresh_from_db()
    assert (alice.email, alice.first_name) == ("changed@example.com", "Changed")


def test_a_clerk_makes_nobody_staff_or_superuser(client, clerk, alice):
    group = Group.objects.get(name="Shop staff")
    right = Permission.objects.get(codename="refund_order")
    client.post(_change(alice), {**FORM, **RIGHTS, "groups": group.pk, "user_permissions": right.pk})
    alice.refresh_from_db()
    assert alice.first_name == "Changed"
    assert (alice.is_staff, alice.is_superuser) == (False, False)
    assert not alice.groups.exists()
    assert not alice.user_permissions.exists()


def test_the_form_of_a_clerk_does_not_offer_rights(client, clerk, alice):
    assert not {"is_staff", "is_superuser", "groups", "user_permissions"} & set(
        client.get(_change(alice)).context["adminform"].form.fields
    )


@pytest.mark.parametrize("person", ["root", "erin", "dave"])
def test_a_clerk_touches_no_colleague_nor_themselves(client, request, clerk, person):
    other = request.getfixturevalue(person)
    before = CustomUser.objects.values().get(pk=other.pk)
    change, password = _change(other), reverse("admin:auth_user_password_change", args=[other.pk])
    assert client.post(change, {**FORM, **RIGHTS}).status_code == 403
    for address, data in ((password, {"password1": "n3w-Passw0rd-x", "password2": "n3w-Passw0rd-x"}),):
        assert client.get(address).status_code == 403
        assert client.post(address, data).status_code == 403
    delete = reverse("admin:users_customuser_delete", args=[other.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert CustomUser.objects.values().get(pk=other.pk) == before


def test_a_clerk_deletes_no_colleague_among_others(client, clerk, root, alice):
    data = {"action": "delete_selected", "_selected_action": [root.pk, alice.pk], "post": "yes"}
    client.post(reverse("admin:users_customuser_changelist"), data)
    assert CustomUser.objects.filter(pk__in=[root.pk, alice.pk]).count() == 2


def test_a_clerk_deletes_no_address_of_a_colleague(client, clerk, root, alice):
    for person, status in ((root, 403), (alice, 302)):
        address = EmailAddress.objects.get(user=person)
        url = reverse("admin:account_emailaddress_delete", args=[address.pk])
        assert client.post(url, {"post": "yes"}).status_code == status


def test_no_group_gives_itself_more(client, clerk):
    group = clerk.groups.get()
    right = Permission.objects.get(codename="refund_order")
    url = reverse("admin:auth_group_change", args=[group.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"name": "Support", "permissions": [right.pk]}).status_code == 403
    assert client.post(reverse("admin:auth_group_add"), {"name": "Kings", "permissions": [right.pk]}).status_code == 403
    assert client.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}).status_code == 403
    assert not group.permissions.filter(pk=right.pk).exists()


def test_a_superuser_gives_rights(client, root, alice):
    client.force_login(root)
    group = Group.objects.get(name="Editors")
    client.post(_change(alice), {**FORM, "is_staff": "on", "groups": group.pk})
    alice.refresh_from_db()
    assert alice.is_staff
    assert alice.has_perm("core.change_blogpost")


def test_whoever_stands_in_the_log_is_kept(client, root, erin):
    client.force_login(root)
    delete = reverse("admin:users_customuser_delete", args=[erin.pk])
    assert client.get(delete).status_code == 200
    LogEntry.objects.log_actions(erin.pk, [erin], 2, change_message="Something.", single_object=True)
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert CustomUser.objects.filter(pk=erin.pk).exists()
