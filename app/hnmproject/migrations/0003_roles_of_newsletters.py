"""What Editors may do with newsletters.

Frozen: a later change of users.roles.ROLES is a migration of its own.
"""

from django.db import migrations

ALL = ("view", "add", "change", "delete")

ADDED = {
    "Editors": {"core.newsletter": (*ALL, "send")},
}


def _permissions(apps, alias, table):
    """The permissions of a role's table, made where they are missing, as on a fresh database."""
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    for name, actions in table.items():
        options = apps.get_model(name)._meta
        content_type, _ = content_types.get_or_create(app_label=options.app_label, model=options.model_name)
        own = dict(options.permissions)
        for action in actions:
            codename = f"{action}_{options.model_name}"
            permission, _ = permissions.get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": own.get(codename, f"Can {action} {options.verbose_name_raw}")},
            )
            yield permission


def give(apps, schema_editor):
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for role, table in ADDED.items():
        group, _ = groups.get_or_create(name=role)
        group.permissions.add(*_permissions(apps, alias, table))


def take(apps, schema_editor):
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for role, table in ADDED.items():
        for group in groups.filter(name=role):
            group.permissions.remove(*_permissions(apps, alias, table))


class Migration(migrations.Migration):
    dependencies = [
        ("hnmproject", "0002_roles_of_buying"),
        ("core", "0003_newsletter"),
    ]

    operations = [migrations.RunPython(give, take)]
