from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection

from users import roles

migration = import_module("hnmproject.migrations.0001_roles")
# What came later, oldest first.
LATER = [
    import_module(f"hnmproject.migrations.{name}")
    for name in ("0002_roles_of_buying", "0003_roles_of_newsletters", "0004_role_of_operators")
]


def _permissions(group: Group) -> set[str]:
    return {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}


class _Editor:
    connection = connection


def take_all() -> None:
    for later in reversed(LATER):
        later.take(apps, _Editor)
    migration.withdraw(apps, _Editor)


def test_migration_holds_the_documented_table() -> None:
    tables = {role: dict(table) for role, table in migration.ROLES.items()}
    for later in LATER:
        for role, added in later.ADDED.items():
            tables.setdefault(role, {}).update(added)
    assert tables == roles.ROLES


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.django_db
def test_migrated_group_has_just_the_permissions_of_the_table(role: str) -> None:
    assert _permissions(Group.objects.get(name=role)) == roles.permissions(role)


@pytest.mark.django_db
def test_permissions_made_by_the_migration_read_as_django_would_name_them() -> None:
    assert Permission.objects.get(codename="change_blogpost").name == "Can change blog post"


@pytest.mark.django_db
def test_running_again_keeps_what_an_administrator_added() -> None:
    editors = Group.objects.get(name=roles.EDITORS)
    extra = Permission.objects.get(codename="view_job")
    editors.permissions.add(extra)

    migration.establish(apps, _Editor)
    for later in LATER:
        later.give(apps, _Editor)

    assert _permissions(editors) == roles.permissions(roles.EDITORS) | {"tasks.view_job"}
    assert Group.objects.count() == len(roles.ROLES)


@pytest.mark.django_db
def test_reversing_removes_the_empty_groups() -> None:
    take_all()
    assert not Group.objects.exists()


@pytest.mark.django_db
def test_reversing_keeps_a_group_with_people_but_without_the_permissions(bob) -> None:
    take_all()
    assert list(Group.objects.values_list("name", flat=True)) == [roles.SHOP_STAFF]
    assert not bob.get_all_permissions()


@pytest.mark.django_db
def test_makes_permissions_that_do_not_exist_yet() -> None:
    Group.objects.all().delete()
    Permission.objects.all().delete()

    migration.establish(apps, _Editor)
    for later in LATER:
        later.give(apps, _Editor)

    assert _permissions(Group.objects.get(name=roles.SUPPORT)) == roles.permissions(roles.SUPPORT)


@pytest.mark.django_db
def test_establish_gives_back_what_is_missing() -> None:
    Group.objects.get(name=roles.EDITORS).permissions.clear()
    Group.objects.get(name=roles.SUPPORT).delete()

    roles.establish()

    for role in roles.ROLES:
        assert _permissions(Group.objects.get(name=role)) == roles.permissions(role)


def test_staff_may_not_do_each_others_work(bob, erin, dave, frank) -> None:
    assert not bob.has_perm("core.change_blogpost")
    assert not erin.has_perm("ecommerce.change_product")
    assert not dave.has_perm("ecommerce.change_product")
    assert not dave.has_perm("users.change_customuser")
    assert not any(person.has_perm("tasks.change_job") for person in (bob, erin, dave, frank))


def test_operators_have_nothing_to_do_with_what_is_sold_and_to_whom(frank) -> None:
    labels = {permission.partition(".")[0] for permission in frank.get_all_permissions()}
    assert labels == {"tasks", "django_celery_beat"}


@pytest.mark.parametrize("right", ["ecommerce.cancel_order", "ecommerce.refund_order"])
def test_whoever_talks_with_buyers_moves_no_money(dave, right) -> None:
    assert not dave.has_perm(right)


@pytest.mark.parametrize("role", roles.ROLES)
def test_no_role_touches_accounts_or_groups(role: str) -> None:
    touching = {right for right in roles.permissions(role) if not right.partition(".")[2].startswith("view_")}
    assert not {right.partition(".")[0] for right in touching} & {"users", "auth", "account", "admin"}
