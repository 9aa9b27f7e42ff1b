"""The groups Editors, Shop staff and Support, with the least permissions that their work needs.

Frozen: a later change of users.roles.ROLES is a migration of its own.
"""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
READ = ("view",)
UPDATE = ("view", "change")

ROLES = {
    "Editors": {
        "core.blogpost": ALL,
        "core.page": ALL,
        "core.tag": ALL,
        "core.testimonial": ALL,
        "core.newslettersubscription": READ,
    },
    "Shop staff": {
        "ecommerce.category": ALL,
        "ecommerce.product": ALL,
        "ecommerce.variant": ALL,
        "ecommerce.productimage": ALL,
        "ecommerce.taxrate": READ,
        "core.tag": ALL,
        "tasks.job": READ,
    },
    "Support": {
        "core.contactmessage": UPDATE,
        "core.newslettersubscription": UPDATE,
        "users.customuser": READ,
        "ecommerce.product": READ,
        "ecommerce.variant": READ,
        "ecommerce.productimage": READ,
        "tasks.job": READ,
    },
}


def _permissions(apps, alias, table):
    """The permissions of a role's table, made where they are missing.

    On a fresh database they are: Django makes them only after the last migration, and then keeps those it finds.
    """
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    for name, actions in table.items():
        options = apps.get_model(name)._meta
        content_type, _ = content_types.get_or_create(app_label=options.app_label, model=options.model_name)
        for action in actions:
            permission, _ = permissions.get_or_create(
                content_type=content_type,
                codename=f"{action}_{options.model_name}",
                defaults={"name": f"Can {action} {options.verbose_name_raw}"},
            )
            yield permission


def establish(apps, schema_editor):
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for role, table in ROLES.items():
        group, _ = groups.get_or_create(name=role)
        group.permissions.add(*_permissions(apps, alias, table))


def withdraw(apps, schema_editor):
    """Take the permissions back, and the groups that are then empty. A group with people in it stays theirs."""
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for role, table in ROLES.items():
        for group in groups.filter(name=role):
            group.permissions.remove(*_permissions(apps, alias, table))
            if not group.permissions.exists() and not group.user_set.exists():
                group.delete()


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0001_initial"),
        ("ecommerce", "0001_initial"),
        ("tasks", "0001_initial"),
        ("users", "0001_initial"),
    ]

    operations = [migrations.RunPython(establish, withdraw)]
