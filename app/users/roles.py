"""Who may do what in the admin: the four groups that the shop comes with, and their permissions.

This table is the documentation; the groups are made by a migration of ``hnmproject``, which holds its own frozen copy.
A test keeps the two equal: a change here needs a new migration there.

Why the lines run where they do:

- Support reads orders, accounts and messages, and neither cancels nor gives money back: whoever can be talked into
  something on the telephone moves no money. An order that is not paid ends by itself within the half hour.
- Operators keep the machinery running, and nothing of that needs a name or an address: what a job says of people is
  left out for whoever may not see accounts (tasks.admin). Of a schedule they set when it runs, not what runs. They add
  intervals and change none, for several schedules may share one.
- Accounts of staff, groups and the log are for superusers alone (users.admin), whatever a group has been given.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

EDITORS = "Editors"
SHOP_STAFF = "Shop staff"
SUPPORT = "Support"
OPERATORS = "Operators"

ALL = ("view", "add", "change", "delete")
READ = ("view",)
UPDATE = ("view", "change")

ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    EDITORS: {
        "core.blogpost": ALL,
        "core.page": ALL,
        "core.tag": ALL,
        "core.testimonial": ALL,
        "core.newslettersubscription": READ,
        "core.newsletter": (*ALL, "send"),
    },
    SHOP_STAFF: {
        "ecommerce.category": ALL,
        "ecommerce.product": ALL,
        "ecommerce.variant": ALL,
        "ecommerce.productimage": ALL,
        "ecommerce.taxrate": READ,
        "ecommerce.shippingmethod": ALL,
        "ecommerce.coupon": ALL,
        "ecommerce.order": ("view", "ship", "cancel", "refund", "mail", "note"),
        "ecommerce.invoice": READ,
        "ecommerce.refund": READ,
        "ecommerce.stripesession": READ,
        "ecommerce.stripeevent": READ,
        "core.tag": ALL,
        "tasks.job": READ,
    },
    SUPPORT: {
        "core.contactmessage": UPDATE,
        "core.newslettersubscription": UPDATE,
        "users.customuser": READ,
        "ecommerce.product": READ,
        "ecommerce.variant": READ,
        "ecommerce.productimage": READ,
        "ecommerce.order": ("view", "mail", "note"),
        "ecommerce.invoice": READ,
        "ecommerce.refund": READ,
        "tasks.job": READ,
    },
    OPERATORS: {
        "tasks.job": ("view", "retry", "cancel"),
        "tasks.flower": ("watch",),
        "django_celery_beat.periodictask": UPDATE,
        "django_celery_beat.intervalschedule": ("view", "add"),
        "django_celery_beat.crontabschedule": ("view", "add"),
    },
}


def permissions(role: str) -> set[str]:
    """The role's permissions as ``has_perm`` knows them, for example ``core.view_page``."""
    names = set()
    for model, actions in ROLES[role].items():
        app_label, _, model_name = model.partition(".")
        names |= {f"{app_label}.{action}_{model_name}" for action in actions}
    return names


@transaction.atomic
def establish(roles: Iterable[str] = tuple(ROLES)) -> None:
    """Make the groups that are missing and give each what the table says. Nothing is taken away."""
    for role in roles:
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(*_find(permissions(role)))


def _find(names: set[str]) -> list[Permission]:
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    return [by_name[name] for name in sorted(names)]
