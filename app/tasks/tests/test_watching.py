"""Who is let in to Flower: what Django answers to nginx's question."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

pytestmark = pytest.mark.django_db
ASK, REFUSED = "/tasks/may-watch/", "/tasks/may-watch/refused/"


@pytest.fixture
def watcher(bob):
    bob.user_permissions.add(Permission.objects.get(codename="watch_flower"))
    return bob


def test_asks_strangers_to_log_in(client):
    assert client.get(ASK).status_code == 401


def test_lets_in_staff_with_the_permission(client, watcher):
    client.force_login(watcher)
    answer = client.get(ASK)
    assert answer.status_code == 204
    assert "no-store" in answer["Cache-Control"]


def test_lets_in_superusers(client, root):
    client.force_login(root)
    assert client.get(ASK).status_code == 204


@pytest.mark.parametrize("person", ["alice", "bob", "charlie", "dave", "erin"])
def test_lets_in_nobody_else(client, request, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(ASK).status_code == 403


def test_the_permission_alone_makes_no_staff(client, alice):
    alice.user_permissions.add(Permission.objects.get(codename="watch_flower"))
    client.force_login(alice)
    assert client.get(ASK).status_code == 403


def test_who_is_staff_no_more_is_let_in_no_more(client, watcher):
    client.force_login(watcher)
    watcher.is_staff = False
    watcher.save()
    assert client.get(ASK).status_code == 403


def test_only_asking_is_allowed(client, watcher):
    client.force_login(watcher)
    assert client.post(ASK).status_code == 405


def test_a_person_is_sent_to_the_login_and_back(client):
    answer = client.get(REFUSED, headers={"X-Original-URI": "/flower/tasks?state=FAILURE&worker=a"})
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/flower/tasks%3Fstate%3DFAILURE%26worker%3Da"


@pytest.mark.parametrize("elsewhere", ["", "https://evil.example/", "//evil.example/flower/", "/admin/"])
def test_the_way_back_leads_to_flower_only(client, elsewhere):
    answer = client.get(REFUSED, headers={"X-Original-URI": elsewhere})
    assert answer["Location"] == "/accounts/login/?next=/flower/"


def test_a_customer_gets_our_page_that_says_no(client, alice):
    client.force_login(alice)
    answer = client.get(REFUSED, headers={"X-Original-URI": "/flower/"})
    assert answer.status_code == 403
    assert "site-main" in answer.content.decode()


@pytest.mark.parametrize("path", ["api/workers", "metrics", "healthcheck"])
def test_programs_get_no_page(client, alice, path):
    header = {"X-Original-URI": f"/flower/{path}"}
    assert client.get(REFUSED, headers=header).status_code == 401
    client.force_login(alice)
    answer = client.get(REFUSED, headers=header)
    assert (answer.status_code, answer["Content-Type"]) == (403, "text/plain")
