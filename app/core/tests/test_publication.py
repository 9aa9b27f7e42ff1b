"""What appears by its date is in cached lists too, soon."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from core import selectors
from core.services import navigation, publication
from core.tasks import delete_old_sessions
from core.tests.factories import BlogPostFactory, PageFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_page_appears_in_the_footer_at_its_time():
    PageFactory.create(title="Terms", in_footer=True, activate_date=timezone.now() + timedelta(minutes=2))
    assert navigation.footer_pages() == []
    assert publication.outdate() == [], "not yet"
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert publication.outdate() == ["pages"]
        assert [link["title"] for link in navigation.footer_pages()] == ["Terms"]


def test_a_post_that_ends_takes_its_year_along():
    BlogPostFactory.create(deactivate_date=timezone.now() + timedelta(minutes=2))
    assert selectors.blog_years()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert publication.outdate() == ["posts"]
        assert cache.get(selectors.YEARS_KEY) is None


def test_old_changes_and_drafts_outdate_nothing():
    BlogPostFactory.create(activate_date=timezone.now() - timedelta(hours=1))
    BlogPostFactory.create(activate_date=timezone.now(), status=BlogPostFactory._meta.model.INACTIVE_STATUS)
    assert publication.outdate() == []


def test_logins_that_have_expired_are_deleted(client, alice):
    client.force_login(alice)
    delete_old_sessions()
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    delete_old_sessions()
    assert Session.objects.count() == 0
