"""The group Operators: jobs, schedules and Flower, and nothing of what the shop sells or of who buys it.

Frozen: a later change of users.roles.ROLES is a migration of its own.
"""

from django.db import migrations

ADDED = {
    "Operators": {
        "tasks.job": ("view", "retry", "cancel"),
        "tasks.flower": ("watch",),
        "django_celery_beat.periodictask": ("view", "change"),
        "django_celery_beat.intervalschedule": ("view", "add"),
        "django_celery_beat.crontabschedule": ("view", "add"),
    },
}
# Flower is no model of ours: its permission belongs to the jobs that it shows.
MODELS = {"tasks.flower": "tasks.job"}


def _permissions(apps, alias, table):
    """The permissions of a role's table, made where they are missing, as on a fresh database."""
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    for name, actions in table.items():
        options = apps.get_model(MODELS.get(name, name))._meta
        content_type, _ = content_types.get_or_create(app_label=options.app_label, model=options.model_name)
        own = dict(options.permissions)
        for action in actions:
            codename = f"{action}_{name.partition('.')[2]}"
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
    """Take the permissions back, and the group where it is then empty. One with people in it stays theirs."""
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for role, table in ADDED.items():
        for group in groups.filter(name=role):
            group.permissions.remove(*_permissions(apps, alias, table))
            if not group.permissions.exists() and not group.user_set.exists():
                group.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("hnmproject", "0003_roles_of_newsletters"),
        ("tasks", "0005_processes"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(give, take)]
