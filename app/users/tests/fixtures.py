"""The fixed cast: the same seven people in every test.

| fixture | who | may |
|---|---|---|
| alice | a customer | what customers may |
| bob | staff, in Shop staff | run the catalogue |
| charlie | another customer | nothing of alice's |
| erin | staff, in Editors | write the blog and the pages |
| dave | staff, in Support | answer messages |
| frank | staff, in Operators | keep jobs and schedules running |
| root | superuser | everything |

Nothing of Django is imported before it is set up: this module is loaded with the root conftest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from users.models import CustomUser


def _person(name: str, **fields: Any) -> CustomUser:
    from users.tests.factories import UserFactory

    return UserFactory.create(email=f"{name.lower()}@example.com", first_name=name, last_name="Example", **fields)


@pytest.fixture
def alice(db: None) -> CustomUser:
    return _person("Alice")


@pytest.fixture
def bob(db: None) -> CustomUser:
    return _person("Bob", groups=["Shop staff"])


@pytest.fixture
def charlie(db: None) -> CustomUser:
    return _person("Charlie")


@pytest.fixture
def erin(db: None) -> CustomUser:
    return _person("Erin", groups=["Editors"])


@pytest.fixture
def dave(db: None) -> CustomUser:
    return _person("Dave", groups=["Support"])


@pytest.fixture
def frank(db: None) -> CustomUser:
    return _person("Frank", groups=["Operators"])


@pytest.fixture
def root(db: None) -> CustomUser:
    return _person("Root", is_staff=True, is_superuser=True)
