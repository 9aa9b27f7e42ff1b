from __future__ import annotations

import pytest
from django.urls import reverse

from users.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_admin_login_is_the_login_of_the_site(client) -> None:
    response = client.get("/admin/core/tag/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2Fcore%2Ftag%2F"


def test_staff_come_where_they_wanted(client, bob) -> None:
    login = client.get("/admin/ecommerce/product/", follow=True).redirect_chain[-1][0]
    data = {"login": bob.email, "password": PASSWORD, "next": "/admin/ecommerce/product/"}
    response = client.post(login, data, follow=True)
    assert response.status_code == 200
    assert response.wsgi_request.path == "/admin/ecommerce/product/"


def test_customer_is_refused_and_not_sent_in_circles(client, alice) -> None:
    client.force_login(alice)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1
    assert '<header class="site-header">' in response.content.decode()


def test_password_cannot_be_posted_past_the_limits_of_the_login(client, root) -> None:
    response = client.post("/admin/login/", {"username": root.email, "password": PASSWORD})
    assert response.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_staff_who_are_logged_in_pass_on(client, bob) -> None:
    client.force_login(bob)
    assert client.get("/admin/login/?next=/admin/ecommerce/product/").url == "/admin/ecommerce/product/"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/admin/login/", ""])
def test_leads_only_into_our_own_host(client, bob, wanted) -> None:
    client.force_login(bob)
    assert client.get("/admin/login/", {"next": wanted}).url == "/admin/"


def test_password_is_changed_on_the_account_page(client, bob) -> None:
    client.force_login(bob)
    assert client.get("/admin/password_change/").url == reverse("account_change_password")


def test_logging_out_leads_home(client, bob) -> None:
    client.force_login(bob)
    assert client.post("/admin/logout/").url == reverse("home")
    assert "_auth_user_id" not in client.session
