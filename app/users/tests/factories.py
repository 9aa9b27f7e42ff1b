"""People for tests."""

from __future__ import annotations

from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from users import roles
from users.models import CustomUser

PASSWORD = "correct-horse-battery-staple"


class UserFactory(DjangoModelFactory[CustomUser]):
    """A customer whose address is verified and whose password is PASSWORD.

    ``verified=False`` leaves the address unverified; ``groups=["Editors"]`` makes them staff with that role.
    """

    class Meta:
        model = CustomUser
        skip_postgeneration_save = True

    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[CustomUser], *args: Any, **kwargs: Any) -> CustomUser:
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def verified(self: CustomUser, create: bool, extracted: bool | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create:
            EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=extracted is not False)

    @factory.post_generation
    def groups(self: CustomUser, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if not create or not extracted:
            return
        # A test with real transactions ends by emptying every table, the groups of the migration included.
        roles.establish(extracted)
        self.groups.set(Group.objects.filter(name__in=extracted))
        self.is_staff = True
        self.save(update_fields=["is_staff"])
